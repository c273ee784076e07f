/** Photos of a form: made small on the phone, sent at once, sent again by a tap when it failed. */
import { computed, inject, reactive, ref, watch, type InjectionKey } from "vue";

import { newKey, sendFile } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { downscale } from "@/forms/downscale";

export interface Photo {
  key: string;
  name: string;
  /** A picture of 192 px as a data address: small enough to be kept with the draft. */
  thumb: string | null;
  state: "reading" | "sending" | "sent" | "kept" | "failed";
  /** 0–1 of the upload. */
  sent_ratio: number;
  file_id: string | null;
  problem: Problem | null;
}
/** What a draft keeps of a photo: the server has it already, or the device keeps it under its key until there is a network. */
export interface KeptPhoto {
  name: string;
  thumb: string | null;
  file_id: string | null;
  key?: string;
}
/** Where an end keeps photos that cannot be sent yet. Without one they are sent again by a tap. */
export interface PhotoKeeper {
  put: (key: string, blob: Blob) => Promise<unknown>;
  get: (key: string) => Promise<Blob | undefined>;
  drop: (key: string) => Promise<unknown>;
}
export const photoKeeper: InjectionKey<PhotoKeeper> = Symbol("photos");

export function usePhotos(kept: KeptPhoto[], keep: (photos: KeptPhoto[]) => void) {
  const keeper = inject(photoKeeper, null);
  const photos = ref<Photo[]>(kept.map((one) => ({ ...one, key: one.key ?? newKey(), state: one.file_id ? "sent" : "kept", sent_ratio: one.file_id ? 1 : 0, problem: null })));
  const blobs = new Map<string, Blob>();

  async function send(photo: Photo): Promise<void> {
    const blob = blobs.get(photo.key) ?? (await keeper?.get(photo.key));
    if (!blob) return;
    Object.assign(photo, { state: "sending", sent_ratio: 0, problem: null });
    try {
      const answer = await sendFile(blob, photo.name, (ratio) => (photo.sent_ratio = ratio));
      Object.assign(photo, { state: "sent", sent_ratio: 1, file_id: answer.file_id });
      blobs.delete(photo.key);
      void keeper?.drop(photo.key);
    } catch (thrown) {
      const problem = asProblem(thrown);
      const isKept = problem.status === 0 && !!(await keeper?.put(photo.key, blob).then(() => true, () => false));
      Object.assign(photo, isKept ? { state: "kept" } : { state: "failed", problem });
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

  watch(photos, (now) => keep(now.flatMap<KeptPhoto>(({ name, thumb, file_id, key, state }) => (file_id ? [{ name, thumb, file_id }] : state === "kept" ? [{ name, thumb, file_id, key }] : []))), { deep: true });
  return {
    photos,
    add: (files: File[], room: number) => void Promise.all(files.slice(0, room).map(addOne)),
    remove(key: string) {
      photos.value = photos.value.filter((photo) => photo.key !== key);
      blobs.delete(key);
      void keeper?.drop(key);
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
