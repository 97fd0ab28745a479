// Keeps a number and its slider alike; without it the number alone does.
for (const number of document.querySelectorAll("[data-slider]")) {
  const slider = document.getElementById(number.dataset.slider);
  if (!slider) continue;
  const show = () => {
    slider.value = number.value === "" ? 0 : number.value;
  };
  slider.hidden = false;
  slider.addEventListener("input", () => {
    number.value = slider.value;
  });
  number.addEventListener("input", show);
  show();
}
