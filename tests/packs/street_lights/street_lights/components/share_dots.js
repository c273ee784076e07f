// One dot a hundredth of the lamps, filled for those that are broken. Given data, asks for none (component/1).
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; font: inherit; color: var(--text-1); }
  .dots { display: grid; grid-template-columns: repeat(25, 6px); gap: 4px; margin: 8px 0; }
  i { width: 6px; height: 6px; border: 1px solid var(--line-3); border-radius: 50%; }
  i.full { background: var(--accent); border-color: var(--accent); }
  button { padding: 0; min-height: 24px; border: 0; background: none; color: var(--accent); font: inherit; cursor: pointer; }
`);
const words = {
  "zh-CN": (n, all) => `${all} 盏里待修 ${n} 盏，看是哪些`,
  en: (n, all) => `${n} of ${all} lamps are broken, see which`,
};

class ShareDots extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });

  set data(told) {
    const [broken, total] = told.figures.map((figure) => figure?.value ?? null);
    this.#root.adoptedStyleSheets = [sheet];
    if (broken === null || !total) {
      this.#root.replaceChildren("—");
      return;
    }
    const dots = document.createElement("div");
    dots.className = "dots";
    dots.setAttribute("aria-hidden", "true");
    const full = Math.round((100 * broken) / total);
    for (let n = 0; n < 100; n += 1) {
      const dot = document.createElement("i");
      dot.className = n < full ? "full" : "";
      dots.append(dot);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = (words[told.language] ?? words.en)(broken, total);
    button.addEventListener("click", () => told.openNumber("street_lights.broken"));
    this.#root.replaceChildren(dots, button);
  }
}
customElements.define("street-lights-dots", ShareDots);
