var theme = localStorage.getItem("flowchat.theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
