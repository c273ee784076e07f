/** What the explorer shows: a tree as of a day, a place or a building in it. All of it is in the address. */
import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { useRoute, useRouter } from "vue-router";

import { server, take } from "@/api/client";
import type { BuildingPage } from "@/api/objects";
import { useCity, usePlace, usePlaces } from "@/api/reads";
import { useSession } from "@/api/session";
import { day } from "@/words/formats";

export function useBuilding(building_id: () => string | null) {
  return useQuery({
    // It has the cases of its homes: asked again when there is a new one.
    queryKey: ["place.building", building_id],
    enabled: computed(() => !!building_id()),
    queryFn: () => take<BuildingPage>(server.GET("/v1/buildings/{building_id}", { params: { path: { building_id: building_id()! } } })),
  });
}

export function useChosen() {
  const route = useRoute();
  const router = useRouter();
  const { user } = useSession();
  const city = useCity();
  const word = (name: string) => (typeof route.query[name] === "string" ? (route.query[name] as string) : null);
  const param = (name: string) => (typeof route.params[name] === "string" ? (route.params[name] as string) : null);

  const today = computed(() => day(city.data.value?.now ?? Date.now()));
  /** A day, or null for now. */
  const at = computed(() => {
    const asked = word("at");
    return asked && /^\d{4}-\d\d-\d\d$/.test(asked) && asked !== today.value ? asked : null;
  });
  const buildingId = computed(() => param("building_id"));
  const building = useBuilding(() => buildingId.value);
  /** Other pages say the place as `?place=`: that opens it as well. */
  const askedPlace = computed(() => param("place_id") ?? (param("building_id") ? null : word("place")) ?? building.data.value?.place_id ?? null);
  const trees = computed(() => city.data.value?.trees ?? []);
  const treeId = computed(() => {
    const own = askedPlace.value?.split(":")[0];
    return [word("tree"), own, city.data.value?.default_tree].find((id) => id && trees.value.some((tree) => tree.tree_id === id)) ?? null;
  });
  const tree = computed(() => trees.value.find((one) => one.tree_id === treeId.value) ?? null);
  const edition = computed(() => {
    const on = at.value ?? today.value;
    return tree.value?.editions.find((one) => one.valid_from <= on && (!one.valid_to || on < one.valid_to)) ?? null;
  });
  /** The first place by rank is the top of what this person may see. */
  const top = usePlaces(() => ({ tree: treeId.value ?? undefined, at: at.value ?? undefined, limit: 1 }));
  const root = computed(() => top.data.value?.items[0] ?? null);
  const placeId = computed(() => askedPlace.value ?? (buildingId.value ? null : (root.value?.place_id ?? null)));
  const place = usePlace(placeId, at);

  const keep = () => ({ tree: word("tree") ?? undefined, at: at.value ?? undefined, tab: word("tab") ?? undefined });
  return {
    city, user, today, at, tree, trees, edition, root, placeId, place, buildingId, building,
    tab: computed(() => word("tab")),
    openPlace: (place_id: string) => void router.push({ name: "place", params: { place_id }, query: keep() }),
    openBuilding: (building_id: string) => void router.push({ name: "building", params: { building_id }, query: { ...keep(), tab: undefined } }),
    openTree: (tree_id: string) => void router.push({ name: "places", query: { at: at.value ?? undefined, tree: tree_id } }),
    setDay: (on: string | null) => void router.replace({ query: { ...route.query, at: on && on !== today.value ? on : undefined } }),
    setTab: (tab: string) => void router.replace({ query: { ...route.query, tab } }),
  };
}
export type Chosen = ReturnType<typeof useChosen>;
