/** The graphics chip's name. */
import { label } from "../values";

/** Read it from a new canvas; empty where there is none to read. */
export function rendererOf(canvas: HTMLCanvasElement | OffscreenCanvas): string {
  const gl = canvas.getContext("webgl") as WebGLRenderingContext | null;
  if (!gl) {
    return "";
  }
  const debug = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = gl.getParameter(debug ? debug.UNMASKED_RENDERER_WEBGL : gl.RENDERER) as unknown;
  // Browsers allow a page only some contexts: the page may need this one.
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return label(renderer || "");
}
