/** Loads, what they rejected, and findings: by pages, asked again when a load runs. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter as From } from "vue";

import { server, take } from "@/api/client";
import type { FindingList, LoadList, LoadPage, RejectList } from "@/api/objects";

const page = 50;
const first = undefined as string | undefined;
const ahead = (last: { next_cursor: string | null }) => last.next_cursor ?? undefined;

export const useLoads = () =>
  useInfiniteQuery({
    queryKey: ["loads"],
    initialPageParam: first,
    queryFn: ({ pageParam }) => take<LoadList>(server.GET("/v1/loads", { params: { query: { cursor: pageParam, limit: page } } })),
    getNextPageParam: ahead,
  });

export const useLoad = (load_id: From<string>) =>
  useQuery({
    queryKey: ["load", computed(() => toValue(load_id))],
    queryFn: () => take<LoadPage>(server.GET("/v1/loads/{load_id}", { params: { path: { load_id: toValue(load_id) } } })),
  });

export const useRejects = (load_id: From<string>, reason: From<string | null>) =>
  useInfiniteQuery({
    queryKey: ["load", "rejects", computed(() => toValue(load_id)), computed(() => toValue(reason))],
    placeholderData: keepPreviousData,
    initialPageParam: first,
    queryFn: ({ pageParam }) => take<RejectList>(server.GET("/v1/loads/{load_id}/rejects", { params: { path: { load_id: toValue(load_id) }, query: { reason: toValue(reason) ?? undefined, cursor: pageParam, limit: page } } })),
    getNextPageParam: ahead,
  });

export const useFindings = (ask: From<Record<string, string | undefined>>) =>
  useInfiniteQuery({
    queryKey: ["finding", computed(() => toValue(ask))],
    placeholderData: keepPreviousData,
    initialPageParam: first,
    queryFn: ({ pageParam }) => take<FindingList>(server.GET("/v1/findings", { params: { query: { is_open: true, ...toValue(ask), cursor: pageParam, limit: page } } })),
    getNextPageParam: ahead,
  });
