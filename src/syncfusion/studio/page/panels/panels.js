/**
 * All panels around the timeline.
 *
 * @import { App } from "../app_types.js"
 */

import { createDetection } from "./detection.js";
import { byId } from "./dom.js";
import { createInspector } from "./inspector.js";
import { createLaneHeaders } from "./lane_headers.js";
import { createList } from "./list.js";
import { createProgress } from "./progress.js";
import { createReviewBar } from "./review_bar.js";
import { createTopbar } from "./topbar.js";
import { createTransport } from "./transport.js";

/** @param {App} app */
export function createPanels(app) {
  createTopbar(app, byId("topbar"));
  createDetection(app, byId("detection"));
  createLaneHeaders(app, byId("headers"), byId("scroller"));
  createProgress(app, byId("jobs"));
  createReviewBar(app, byId("review"));
  return {
    list: createList(app, { list: byId("list"), count: byId("count"), empty: byId("empty") }),
    inspector: createInspector(app, byId("inspector")),
    transport: createTransport(app, byId("transport")),
  };
}
