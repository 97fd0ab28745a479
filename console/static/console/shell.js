// Alpine's build for a strict policy evaluates no strings: it knows no globals, only
// data that was registered by name. Here unfold's functions get their names.
"use strict";

document.addEventListener("alpine:init", () => {
  const storage = {
    getItem: (name) => localStorage.getItem(name),
    setItem: (name, value) => localStorage.setItem(name, value),
  };

  Alpine.data("theme", (chosen) =>
    Object.assign(theme(chosen), {
      localStorage: storage,
      sortRecords,
      moveRecords,
      getCurrentTab,
      pageAddress: location.pathname + location.search,
    }),
  );

  Alpine.data("shell", (firstTab, hasTabs) => ({
    activeTab: hasTabs ? getCurrentTab() || firstTab : "",
    sidebarMobileOpen: false,
    sidebarDesktopOpen: storage.getItem("sidebarDesktopOpen") !== "0",
    init() {
      this.$watch("sidebarDesktopOpen", (isOpen) =>
        storage.setItem("sidebarDesktopOpen", isOpen ? "1" : "0"),
      );
    },
  }));

  Alpine.data("searchForm", searchForm);
  Alpine.data("searchCommand", searchCommand);
  Alpine.data("searchDropdown", () =>
    Object.assign(searchDropdown(), {
      openAtTop() {
        this.openSearchResults = true;
        this.currentIndex = 0;
      },
      closeOrClear() {
        const field = this.$refs.searchInput;
        this.openSearchResults = false;
        if (field.value === "") {
          field.blur();
        } else {
          field.value = "";
        }
      },
      // unfold's own goes through items that it never looked up.
      selectItem() {
        const links = document.querySelectorAll("#search-results li a");
        links[Math.max(this.currentIndex - 1, 0)]?.click();
      },
    }),
  );
});

document.addEventListener("DOMContentLoaded", () => {
  for (const bar of document.querySelectorAll("[data-width]")) {
    bar.style.width = `${bar.dataset.width}%`;
  }
  // unfold opens menus with elements that no keyboard reaches.
  for (const one of document.querySelectorAll("[x-on\\:click]")) {
    if (one.matches("button, input, select, a[href], summary, h2, [tabindex]")) {
      continue;
    }
    if (one.id === "changelist-filter-close") {
      continue;
    }
    one.tabIndex = 0;
    one.setAttribute("role", "button");
    one.addEventListener("keydown", (event) => {
      if (event.target === one && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        one.click();
      }
    });
  }
});
