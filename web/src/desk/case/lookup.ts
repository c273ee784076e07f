/** Finds objects of the city by name, for forms that need their id. */
import { server, take } from "@/api/client";
import type { PlaceList, PlacePage, Row, Rows } from "@/api/wire";
import { codeWords, nameColumn, placeName, rowName, said, signName, t } from "@/words";

export interface Hit {
  id: string;
  title: string;
  note: string;
}
const few = 12;

async function rows(entity: string, where: string[]): Promise<Row[]> {
  const { rows } = await take<Rows>(server.GET("/v1/entities/{entity}", { params: { path: { entity }, query: { where, limit: few } } }));
  return rows;
}
const named: Record<string, { entity: string; key: string }> = {
  org_id: { entity: "organisation", key: "org_id" },
  building_id: { entity: "building", key: "building_id" },
};

/** A home by its room in a building: 402, 2单元402, 2-402. */
async function homes(building_id: string, words: string): Promise<Hit[]> {
  const [room, unit] = (words.match(/\d+/g) ?? []).reverse();
  const where = [`building_id:eq:${building_id}`, ...(room ? [`room_no:contains:${room}`] : []), ...(unit ? [`unit_no:eq:${unit}`] : [])];
  return (await rows("dwelling", where)).map((row) => ({ id: String(row["dwelling_id"]), title: homeName(row), note: codeWords("desk.occupancy", row["occupancy_state"] as string) }));
}
const homeName = (row: Row | undefined) => (row ? t("desk.matrix.home", { unit: String(row["unit_no"] ?? ""), room: String(row["room_no"] ?? "") }) : "");

export async function look(kind: string, words: string, building_id = ""): Promise<Hit[]> {
  if (kind === "dwelling_id") return building_id ? homes(building_id, words) : [];
  if (kind === "category_code") {
    const answer = await take<Row[] | { items: Row[] }>(server.GET("/v1/categories"));
    const items = Array.isArray(answer) ? answer : answer.items;
    return items.map((row) => ({ id: String(row["category_code"]), title: `${String(row["category_code"])} ${said(row, "title")}`, note: "" }));
  }
  if (kind === "place_id") {
    const { items } = await take<PlaceList>(server.GET("/v1/places", { params: { query: { q: words || undefined, limit: few } } }));
    return items.map((place) => ({ id: place.place_id, title: placeName(place), note: [signName(place), codeWords("level", place.level)].filter(Boolean).join(" · ") }));
  }
  const plan = named[kind];
  if (!plan) return [];
  const found = await rows(plan.entity, words ? [`${nameColumn(words)}:contains:${words}`] : []);
  return found.map((row) => ({ id: String(row[plan.key]), title: rowName(row, plan.key), note: codeWords("desk.org_kind", row["kind"] as string) }));
}

export async function nameOf(kind: string, id: string): Promise<string> {
  if (kind === "place_id") return placeName(await take<PlacePage>(server.GET("/v1/places/{place_id}", { params: { path: { place_id: id } } })));
  if (kind === "dwelling_id") return homeName((await rows("dwelling", [`dwelling_id:eq:${id}`]))[0]) || id;
  const plan = named[kind];
  const [row] = plan ? await rows(plan.entity, [`${plan.key}:eq:${id}`]) : [];
  return rowName(row, plan?.key ?? "") || id;
}
