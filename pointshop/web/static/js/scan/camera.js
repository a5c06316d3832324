// The rear camera as a stream of pictures to decode.

import { decode } from "./decoder.js";

/** Pixels along each side of what is decoded: the middle of the picture. */
const SIDE = 720;

/** Why there is no camera: nothing offers one (plain http, no lens), or the person said no. */
export class NoCamera extends Error {}

/** @returns {Promise<MediaStream>} Raises NoCamera. */
export async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera("none");
  const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  // asked for already, once, by early.js
  const early = globalThis.pointshopEarly?.camera;
  if (early) globalThis.pointshopEarly.camera = null;
  try {
    return await (early ?? navigator.mediaDevices.getUserMedia({ video, audio: false }));
  } catch (error) {
    throw new NoCamera(error.name === "NotAllowedError" ? "denied" : "none");
  }
}

export function closeCamera(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** Milliseconds for which a camera that was opened ahead waits for its page. */
const AHEAD = 10000;

let ahead = null;

/** Where early.js has asked for the camera: look, before there is a page to show it. @param {string[]} formats */
export function lookAhead(formats) {
  if (!globalThis.pointshopEarly) return;
  const early = { stream: openCamera(), text: null, onText: null, stop: () => {} };
  ahead = early;
  let isOver = false;
  early.stop = () => {
    isOver = true;
  };
  early.stream.then(
    async (stream) => {
      const video = document.createElement("video");
      video.muted = video.playsInline = true;
      video.srcObject = stream;
      await video.play().catch(() => null);
      if (isOver) return;
      early.stop = watch(video, formats, (text) => {
        if (early.onText) early.onText(text);
        else early.text = text;
        return true;
      });
    },
    // whoever takes it over says so
    () => null,
  );
  setTimeout(() => {
    if (ahead !== early) return;
    ahead = null;
    early.stop();
    early.stream.then(closeCamera, () => null);
  }, AHEAD);
}

/**
 * The camera that was opened ahead, else one that is opened now.
 * @returns {{stream: Promise<MediaStream>, text: string|null, onText: Function|null, stop: () => void}} text: what was
 *   read already; onText: to be told of what is read until stop. The stream raises NoCamera.
 */
export function takeCamera() {
  const early = ahead;
  ahead = null;
  return early ?? { stream: openCamera(), text: null, onText: null, stop: () => {} };
}

/** Switch the lamp, where the camera has one. @returns {Promise<boolean>} whether it could */
export async function setLamp(stream, isOn) {
  const [track] = stream.getVideoTracks();
  if (!track?.getCapabilities?.().torch) return false;
  await track.applyConstraints({ advanced: [{ torch: isOn }] });
  return true;
}

/** Takes the middle of what a video shows. */
export function grabber() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const side = Math.min(video.videoWidth, video.videoHeight);
    canvas.width = canvas.height = Math.min(SIDE, side);
    const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    context.drawImage(video, left, top, side, side, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  };
}

/**
 * Look at picture after picture until told to stop.
 * @param {HTMLVideoElement} video
 * @param {string[]} formats
 * @param {(text: string) => boolean} onText whether to stop looking
 * @returns {() => void} stops
 */
export function watch(video, formats, onText) {
  const grab = grabber();
  let isOver = false;
  (async () => {
    while (!isOver) {
      await nextPicture(video);
      if (isOver || !video.videoWidth) continue;
      const text = await decode(grab(video), formats);
      if (!isOver && text !== null && onText(text)) isOver = true;
    }
  })();
  return () => {
    isOver = true;
  };
}

function nextPicture(video) {
  if (!video.requestVideoFrameCallback) return new Promise((resolve) => setTimeout(resolve, 80));
  return new Promise((resolve) => {
    video.requestVideoFrameCallback(() => resolve());
    // a camera that stalls must not keep a closed page waiting
    setTimeout(resolve, 500);
  });
}
