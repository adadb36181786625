/**
 * Files dropped on the page: a video opens a project of its own, anything else is read as events.
 *
 * @import { App } from "./app_types.js"
 */

import { importFile } from "./dialogs/import.js";

/** @param {File} file */
const isVideo = (file) =>
  file.type.startsWith("video/") || /\.(mp4|mov|mkv|webm|avi|m4v)$/i.test(file.name);

/** @param {App} app */
export function listenToDrops(app) {
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    if (!isVideo(file)) return importFile(app, file);
    app.toast(`Opening ${file.name} …`);
    try {
      await app.saving.flush();
      location.assign((await app.api.video(file)).address);
    } catch (error) {
      app.toast(/** @type {Error} */ (error).message, "error");
    }
  });
}
