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
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new NoCamera(error.name === "NotAllowedError" ? "denied" : "none");
  }
}

export function closeCamera(stream) {
  for (const track of stream.getTracks()) track.stop();
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
