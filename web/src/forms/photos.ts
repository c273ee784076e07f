/** Photos of a form: made small on the phone, sent at once, sent again by a tap when it failed. */
import { computed, reactive, ref, watch } from "vue";

import { newKey, sendFile } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { downscale } from "@/forms/downscale";

export interface Photo {
  key: string;
  name: string;
  /** A picture of 192 px as a data address: small enough to be kept with the draft. */
  thumb: string | null;
  state: "reading" | "sending" | "sent" | "failed";
  /** 0–1 of the upload. */
  sent_ratio: number;
  file_id: string | null;
  problem: Problem | null;
}
/** What a draft keeps of a photo: the server has it already. */
export interface KeptPhoto {
  name: string;
  thumb: string | null;
  file_id: string;
}

export function usePhotos(kept: KeptPhoto[], keep: (photos: KeptPhoto[]) => void) {
  const photos = ref<Photo[]>(kept.map((one) => ({ ...one, key: newKey(), state: "sent", sent_ratio: 1, problem: null })));
  const blobs = new Map<string, Blob>();

  async function send(photo: Photo): Promise<void> {
    const blob = blobs.get(photo.key);
    if (!blob) return;
    Object.assign(photo, { state: "sending", sent_ratio: 0, problem: null });
    try {
      const answer = await sendFile(blob, photo.name, (ratio) => (photo.sent_ratio = ratio));
      Object.assign(photo, { state: "sent", sent_ratio: 1, file_id: answer.file_id });
      blobs.delete(photo.key);
    } catch (thrown) {
      Object.assign(photo, { state: "failed", problem: asProblem(thrown) });
    }
  }
  async function addOne(file: File): Promise<void> {
    const photo = reactive<Photo>({ key: newKey(), name: file.name || "photo.jpg", thumb: null, state: "reading", sent_ratio: 0, file_id: null, problem: null });
    photos.value.push(photo);
    try {
      const { blob, thumb } = await downscale(file);
      photo.thumb = thumb;
      photo.name = photo.name.replace(/\.\w+$/, "") + ".jpg";
      blobs.set(photo.key, blob);
    } catch (thrown) {
      Object.assign(photo, { state: "failed", problem: asProblem(thrown) });
      return;
    }
    await send(photo);
  }

  watch(photos, (now) => keep(now.flatMap(({ name, thumb, file_id }) => (file_id ? [{ name, thumb, file_id }] : []))), { deep: true });
  return {
    photos,
    add: (files: File[], room: number) => void Promise.all(files.slice(0, room).map(addOne)),
    remove(key: string) {
      photos.value = photos.value.filter((photo) => photo.key !== key);
      blobs.delete(key);
    },
    retry(key: string) {
      const photo = photos.value.find((one) => one.key === key);
      if (photo) void send(photo);
    },
    clear: () => (photos.value = []),
    /** The same photo taken twice is one photo. */
    fileIds: computed(() => [...new Set(photos.value.flatMap((photo) => photo.file_id ?? []))]),
    isBusy: computed(() => photos.value.some((photo) => photo.state === "reading" || photo.state === "sending")),
    hasFailed: computed(() => photos.value.some((photo) => photo.state === "failed")),
  };
}
