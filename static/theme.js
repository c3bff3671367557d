// Runs before the first paint, so a dark page never flashes white.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      return localStorage.getItem("theme") ?? "auto";
    } catch {
      return "auto"; // storage may be forbidden; the system's choice is then the only one
    }
  };

  const paint = () => {
    const choice = chosen();
    const light = choice === "light" || (choice === "auto" && !dark.matches);
    root.dataset.bsTheme = light ? "light" : "dark";
    root.dataset.themeChoice = choice;
  };

  root.dataset.script = "on";
  paint();
  dark.addEventListener("change", paint);
  addEventListener("storage", paint);
  addEventListener("lockstep:theme", paint);
})();
