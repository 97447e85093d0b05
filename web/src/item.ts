// The deep zoom viewer of an item's page. The page works without it: the stage then holds a picture that links to its full size
// and the strip holds plain links; this script replaces the picture and answers the links in place.

import OpenSeadragon from "openseadragon";
import "./copy";
import { encode_content_state, state_of } from "./content_state";

interface Page {
  service: string | undefined;
  canvas: string;
  width: number;
  height: number;
  full: string;
  preview: string;
  label: string;
  language: string;
  direction: string;
  position: string;
  error: string | undefined;
  link: HTMLAnchorElement | null;
}

// OpenSeadragon writes a style element of its own unless it finds this mark; the security policy of the pages allows none. Its one rule is in site.css.
const mark = document.createElementNS(null, "style");
mark.setAttribute("data-openseadragon-mobile-css", "true");
document.head.append(mark);

const stage = document.getElementById("stage");
if (stage) start(stage);

function canvas_of(element: HTMLElement): { canvas: string; width: number; height: number } {
  return { canvas: element.dataset.canvas ?? "", width: Number(element.dataset.width), height: Number(element.dataset.height) };
}

// "xywh=10,20,300,400" of the address: what a content state asked for, in the Canvas's own measure.
function asked_region(): number[] | null {
  const parts = new URLSearchParams(location.search).get("xywh")?.split(",").map(Number) ?? [];
  return parts.length === 4 && parts.every((part) => Number.isFinite(part) && part >= 0) && parts[2]! > 0 && parts[3]! > 0 ? parts : null;
}

function pages_of(stage: HTMLElement): { pages: Page[]; current: number } {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("#strip a")];
  if (links.length === 0) {
    const link = stage.querySelector<HTMLAnchorElement>(".stage-picture");
    return { current: 0, pages: [{ ...canvas_of(stage), service: stage.dataset.service, full: link?.href ?? "", preview: "", label: "", language: "", direction: "",
      position: "", error: undefined, link: null }] };
  }
  const pages = links.map((link) => {
    const label = link.querySelector<HTMLElement>(".strip-label");
    return { ...canvas_of(link), service: link.dataset.service, full: link.dataset.full ?? "", preview: link.dataset.preview ?? "", label: label?.textContent ?? "",
      language: label?.lang ?? "", direction: label?.dir ?? "", position: link.dataset.position ?? "", error: link.dataset.error, link };
  });
  const marked = links.findIndex((link) => link.hasAttribute("aria-current"));
  return { pages, current: asked_page(pages.length) ?? Math.max(0, marked) };
}

// "canvas=3" of the address: a static site has one page for all of them.
function asked_page(count: number): number | null {
  const asked = Number(new URLSearchParams(location.search).get("canvas"));
  return Number.isInteger(asked) && asked >= 1 && asked <= count ? asked - 1 : null;
}

function start(stage: HTMLElement): void {
  const section = stage.closest<HTMLElement>(".stage")!;
  const { pages, current } = pages_of(stage);
  let index = current;
  let wanted = asked_region();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const viewer = OpenSeadragon({
    element: stage,
    drawer: "canvas",
    showNavigationControl: false,
    showNavigator: false,
    animationTime: calm ? 0 : 0.9,
    springStiffness: 7,
    visibilityRatio: 0.6,
    viewportMargins: { left: 12, top: 16, right: 12, bottom: 16 },
    minZoomImageRatio: 0.7,
    maxZoomPixelRatio: 4,
    imageSmoothingEnabled: true,
    crossOriginPolicy: "Anonymous",
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
  });
  stage.dataset.ready = "false";
  viewer.canvas.setAttribute("aria-label", stage.dataset.name ?? "");
  viewer.canvas.setAttribute("role", "application");

  const fallback = stage.querySelector<HTMLAnchorElement>(".stage-picture");
  const message = stage.querySelector<HTMLElement>(".stage-message") ?? stage.appendChild(Object.assign(document.createElement("p"), { className: "stage-message", hidden: true }));

  function fail(text: string): void {
    viewer.element.querySelector<HTMLElement>(".openseadragon-container")!.hidden = true;
    message.textContent = text;
    message.hidden = false;
    tools_enabled(false);
  }

  function open(next: number, remember: boolean): void {
    const page = pages[next];
    if (!page) return;
    index = next;
    stage.dataset.ready = "false";
    if (!page.service) {
      if (fallback) fallback.hidden = true;
      viewer.close();
      fail(page.error ?? (remember ? stage.dataset.failed ?? "" : message.textContent ?? ""));
    } else {
      message.hidden = true;
      viewer.element.querySelector<HTMLElement>(".openseadragon-container")!.hidden = false;
      tools_enabled(true);
      if (remember) wanted = null;
      viewer.open({ tileSource: `${page.service}/info.json` });
    }
    if (page.link) describe(page, remember);
    if (remember) prepare_print(page);
    offer_state();
  }

  // The link to what is shown: the Canvas, and the part of it that fills the viewer once somebody has zoomed in.
  function offer_state(): void {
    const field = document.getElementById("state-link");
    const page = pages[index];
    if (!(field instanceof HTMLInputElement) || !page?.canvas) return;
    field.value = (stage.dataset.stateBase ?? "") + encode_content_state(state_now(page));
  }

  const state_now = (page: Page) => state_of(page.canvas, stage.dataset.manifest ?? "", shown_region(page));

  // 3.4: who drags the symbol takes along what is shown; its link, which names the Manifest, stays for viewers that know nothing of this.
  document.querySelector<HTMLElement>(".drag")?.addEventListener("dragstart", (event) => {
    const page = pages[index];
    if (page?.canvas) event.dataTransfer?.setData("text/plain", state_now(page));
  });

  function shown_region(page: Page): number[] | null {
    const item = viewer.world.getItemAt(0);
    if (!item || !page.width || !page.height || viewer.viewport.getRotation(true) % 360 !== 0) return null;
    const whole = item.getContentSize();
    const shown = item.viewportToImageRectangle(viewer.viewport.getBounds(true));
    const left = Math.max(0, shown.x), top = Math.max(0, shown.y);
    const right = Math.min(whole.x, shown.x + shown.width), bottom = Math.min(whole.y, shown.y + shown.height);
    if (right <= left || bottom <= top || (right - left > whole.x * 0.98 && bottom - top > whole.y * 0.98)) return null;
    const across = page.width / whole.x, down = page.height / whole.y;
    return [left * across, top * down, (right - left) * across, (bottom - top) * down].map(Math.round);
  }

  function show_wanted(page: Page): void {
    if (!wanted || !page.width || !page.height) return;
    const item = viewer.world.getItemAt(0);
    const across = item.getContentSize().x / page.width, down = item.getContentSize().y / page.height;
    const [x, y, width, height] = wanted as [number, number, number, number];
    const place = item.imageToViewportRectangle(x * across, y * down, width * across, height * down);
    const mark = document.createElement("div");
    mark.className = "stage-mark";
    viewer.addOverlay({ element: mark, location: place });
    const margin = Math.max(place.width, place.height) * 0.1;
    viewer.viewport.fitBounds(new OpenSeadragon.Rect(place.x - margin, place.y - margin, place.width + 2 * margin, place.height + 2 * margin), true);
  }

  // The still picture is hidden while the viewer shows, and is what gets printed: lazy, so that it is only fetched then.
  function prepare_print(page: Page): void {
    const image = fallback?.querySelector("img");
    if (!image || !page.preview) return;
    image.loading = "lazy";
    image.removeAttribute("width");
    image.removeAttribute("height");
    image.src = page.preview;
    fallback!.href = page.full;
  }

  function describe(page: Page, remember: boolean): void {
    for (const other of pages) other.link?.removeAttribute("aria-current");
    page.link!.setAttribute("aria-current", "page");
    page.link!.scrollIntoView({ block: "nearest", inline: "center", behavior: calm ? "auto" : "smooth" });
    const name = document.getElementById("stage-name");
    if (name) {
      name.textContent = page.label;
      name.lang = page.language;
      name.dir = page.direction;
    }
    const position = document.getElementById("stage-position");
    if (position) position.textContent = page.position;
    const download = document.getElementById("download-picture");
    if (download instanceof HTMLAnchorElement && page.full) download.href = page.full;
    if (remember) history.replaceState(null, "", page.link!.href);
  }

  const tools = document.getElementById("stage-tools");
  const actions: Record<string, () => void> = {
    "previous": () => open(index - 1, true),
    "next": () => open(index + 1, true),
    "zoom-in": () => zoom(1.5),
    "zoom-out": () => zoom(1 / 1.5),
    "home": () => viewer.viewport.goHome(calm),
    "rotate": () => viewer.viewport.rotateBy(90, undefined, calm),
    "full-screen": () => (document.fullscreenElement ? document.exitFullscreen() : section.requestFullscreen()),
  };

  function zoom(factor: number): void {
    viewer.viewport.zoomBy(factor, undefined, calm);
    viewer.viewport.applyConstraints(calm);
  }

  function tools_enabled(enabled: boolean): void {
    for (const button of tools?.querySelectorAll<HTMLButtonElement>("button") ?? []) {
      const tool = button.dataset.tool;
      if (tool === "previous") button.disabled = index === 0;
      else if (tool === "next") button.disabled = index === pages.length - 1;
      else if (tool === "full-screen") button.hidden = !document.fullscreenEnabled;
      else button.disabled = !enabled;
    }
  }

  tools?.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-tool]");
    if (button) actions[button.dataset.tool!]?.();
  });
  document.getElementById("strip")?.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    const next = pages.findIndex((page) => page.link === link);
    if (next < 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(next, true);
  });
  stage.addEventListener("keydown", (event) => {
    if (event.key === "PageDown" && index < pages.length - 1) open(index + 1, true);
    else if (event.key === "PageUp" && index > 0) open(index - 1, true);
    else return;
    event.preventDefault();
  });

  viewer.addHandler("animation-finish", offer_state);
  viewer.addHandler("open", () => {
    show_wanted(pages[index]!);
    offer_state();
    // The still picture stays beneath until the first tiles are there, so that nothing flashes.
    viewer.world.getItemAt(0).addOnceHandler("fully-loaded-change", () => {
      if (fallback) fallback.hidden = true;
      stage.dataset.ready = "true";
    });
  });
  viewer.addHandler("open-failed", () => fail(stage.dataset.failed ?? ""));
  if (tools) tools.hidden = false;
  open(index, false);
}
