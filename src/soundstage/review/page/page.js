// A time code seeks the film on this page; without this script it opens the film at that time.
(() => {
  const until = new WeakMap();
  document.addEventListener("click", (event) => {
    const close = event.target.closest(".close");
    if (close) close.closest(".player").classList.remove("floating");
    const link = event.target.closest("a[data-t]");
    const film = link && document.getElementById(link.dataset.for);
    if (!film || film.error || film.readyState === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    film.pause();
    film.currentTime = Number(link.dataset.t);
    until.set(film, link.dataset.until ? Number(link.dataset.until) : 0);
    if (link.dataset.until) film.play();
    const player = film.closest(".player");
    if (!player) return;
    const seen = player.getBoundingClientRect();
    if (seen.bottom < 120 || seen.top > innerHeight - 120) {
      player.style.minHeight = player.offsetHeight + "px";
      for (const other of document.querySelectorAll(".floating")) other.classList.remove("floating");
      player.classList.add("floating");
    }
  });
  for (const film of document.querySelectorAll("video, audio")) {
    film.addEventListener("timeupdate", () => {
      if (until.get(film) && film.currentTime >= until.get(film)) {
        film.pause();
        until.set(film, 0);
      }
    });
  }
  const back = new IntersectionObserver((seen) => {
    for (const one of seen) if (one.isIntersecting) one.target.classList.remove("floating");
  }, { threshold: 0.4 });
  for (const player of document.querySelectorAll(".player")) back.observe(player);
})();
