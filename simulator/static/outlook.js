/* The week: drag to move, pull the lower edge to lengthen, click an empty place to add; and what
   other applications write appears by itself. Without this script the forms do the same. */
"use strict";

const view = document.querySelector("[data-week]");
const wide = matchMedia("(min-width: 60.01rem)");
const STEP = 5; // pixels until a press becomes a drag
const EVERY = 3000; // milliseconds between looks
let drag = null;
let version = "";

/* The upper edges of a column's 96 quarters, in pixels from its own upper edge. */
function edges(hours) {
  const found = [0];
  for (const row of getComputedStyle(hours).gridTemplateRows.split(" ")) {
    found.push(found[found.length - 1] + parseFloat(row));
  }
  return found;
}

function nearest(hours, y) {
  const at = y - hours.getBoundingClientRect().top;
  const distances = edges(hours).map((edge) => Math.abs(edge - at));
  return Math.min(distances.indexOf(Math.min(...distances)), 95);
}

function clock(quarter) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}`;
}

function columnAt(x) {
  const columns = [...view.querySelectorAll(".hours")];
  return columns.find((each) => {
    const box = each.getBoundingClientRect();
    return x >= box.left && x < box.right;
  });
}

async function show() {
  const answer = await fetch(location.href, { headers: { "X-Part": "week", "If-None-Match": version } });
  if (answer.status !== 200 || drag) return;
  version = answer.headers.get("ETag") || "";
  view.innerHTML = await answer.text();
}

async function send(block, wish) {
  const answer = await fetch(block.dataset.move, { method: "POST", body: new URLSearchParams(wish) });
  if (answer.ok) {
    say("");
  } else {
    say(await answer.text());
  }
  version = "";
  await show();
}

function say(text) {
  const place = document.querySelector("[data-said]");
  place.textContent = text;
  place.hidden = !text;
}

view.addEventListener("pointerdown", (event) => {
  const block = event.target.closest("[data-move]");
  if (!block || !wide.matches || event.button !== 0) return;
  const box = block.getBoundingClientRect();
  drag = {
    block, x: event.clientX, y: event.clientY, held: event.clientY - box.top, moved: false,
    longer: event.target.classList.contains("grip"), box,
  };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.moved && Math.hypot(right, down) < STEP) return;
  drag.moved = true;
  drag.block.classList.add("dragged");
  if (drag.longer) {
    drag.block.style.height = `${Math.max(drag.box.height + down, 12)}px`;
  } else {
    drag.block.style.transform = `translate(${right}px, ${down}px)`;
  }
});

document.addEventListener("pointerup", async (event) => {
  if (!drag) return;
  const { block, moved, longer, held } = drag;
  drag = null;
  if (!moved) return;
  const starts = block.dataset.starts;
  if (longer) {
    const hours = block.closest(".hours");
    const [hour, minute] = starts.slice(11).split(":").map(Number);
    const minutes = (nearest(hours, event.clientY) + 1) * 15 - (hour * 60 + minute);
    await send(block, { start: starts, minutes: Math.max(minutes, 15) });
  } else {
    const hours = columnAt(event.clientX) || block.closest(".hours");
    await send(block, { start: `${hours.dataset.day}T${clock(nearest(hours, event.clientY - held))}` });
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drag) return;
  drag.block.classList.remove("dragged");
  drag.block.style.transform = drag.block.style.height = "";
  drag = null;
});

/* A drag ends in a click on the link beneath; a click beside the blocks adds an event there. */
view.addEventListener("click", (event) => {
  if (event.target.closest(".dragged")) event.preventDefault();
  const hours = event.target;
  if (!hours.classList.contains("hours") || !wide.matches) return;
  const quarter = Math.floor(nearest(hours, event.clientY) / 2) * 2;
  location.href = `${hours.closest(".day").querySelector(".add").href}&at=${clock(quarter)}`;
});

setInterval(() => {
  if (!document.hidden && !drag) show().catch(() => {});
}, EVERY);
