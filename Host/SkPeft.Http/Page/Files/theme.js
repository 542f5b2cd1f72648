// Light, dark, or what the system says.

const STORED = "skpeft.theme";
const CHOICES = ["system", "light", "dark"];

function current() {
  const stored = localStorage.getItem(STORED);
  return CHOICES.includes(stored) ? stored : "system";
}

function apply(choice, button) {
  if (choice === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = choice;
  }
  button.querySelector("span").textContent = `Theme: ${choice}`;
}

export function startTheme(button) {
  apply(current(), button);
  button.addEventListener("click", () => {
    const next = CHOICES[(CHOICES.indexOf(current()) + 1) % CHOICES.length];
    localStorage.setItem(STORED, next);
    apply(next, button);
  });
}
