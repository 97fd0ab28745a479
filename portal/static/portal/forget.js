// Answering again is a new visit: the client keeps its visit in this tab's storage.
const PREFIX = "bonafide";

function forget() {
  try {
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => sessionStorage.removeItem(key));
  } catch {
    // Storage is forbidden here: then nothing was kept either.
  }
}

// Also when the page comes back from the browser's own cache, where scripts do not run.
addEventListener("pageshow", forget);
