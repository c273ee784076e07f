/** A photo made small before it is sent: at most 2048 px, JPEG. Drawing it anew also drops where and with what it was taken. */
import { Problem } from "@/api/problem";
import { t } from "@/words";

const most_px = 2048;
const thumb_px = 192;
const quality = 0.85;

function drawn(image: ImageBitmap, most: number): HTMLCanvasElement {
  const share = Math.min(1, most / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * share));
  canvas.height = Math.max(1, Math.round(image.height * share));
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A file that is no picture is refused here, before anything is sent. */
export async function downscale(file: File): Promise<{ blob: Blob; thumb: string }> {
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Problem({ code: "not_a_picture", detail: t("forms.photo.not_a_picture", { name: file.name }), what_to_do: t("forms.photo.take_another") }, 415);
  }
  try {
    const canvas = drawn(image, most_px);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (!blob) throw new Problem({ code: "not_a_picture", detail: t("forms.photo.too_big_for_device", { name: file.name }), what_to_do: t("forms.photo.take_another") }, 415);
    return { blob, thumb: drawn(image, thumb_px).toDataURL("image/jpeg", 0.7) };
  } finally {
    image.close();
  }
}
