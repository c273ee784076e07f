/** The server's addresses as openapi-fetch wants them, until they come from openapi.json (`npm run client`). */
import type { CaseList, CasePage, OwnerSuggestion, StepToTake } from "@/api/case";
import type { PanelSet } from "@/api/panel";
import type { City, Figure, Grain, Layer, LayerFeatures, Loads, Place, PlacePage, Row, Rows, SeriesPoint, Session, UnitFigure } from "@/api/wire";

type Query = Record<string, string | number | boolean | string[] | null | undefined>;
type Answer<R> = { 200: { content: { "application/json": R } } };
interface Ask<R, Q = Query, P = never> {
  parameters: { query?: Q; path: P; header?: never; cookie?: never };
  responses: Answer<R>;
}
interface Tell<R, B, P = never> extends Ask<R, Query, P> {
  requestBody: { content: { "application/json": B } };
}
type Get<R, Q = Query> = { get: Omit<Ask<R, Q>, "parameters"> & { parameters: { query?: Q } } };
type GetAt<R, P, Q = Query> = { get: Ask<R, Q, P> };
type PostTo<R, B> = { post: Omit<Tell<R, B>, "parameters"> & { parameters: { query?: Query } } };
type PostAt<R, B, P> = { post: Tell<R, B, P> };
type Scope = { place?: string; at?: string };
type List<T> = { items: T[]; n_total: number; next_cursor?: string | null };

export interface paths {
  "/v1/session": Get<Session> & PostTo<Session, { user_name: string; password: string }> & {
      delete: { parameters: { query?: never }; responses: Answer<unknown> };
    };
  "/v1/city": Get<City>;
  "/v1/places": Get<List<Place> & { edition_id: string }>;
  "/v1/places/{place_id}": GetAt<PlacePage, { place_id: string }, { at?: string }>;
  "/v1/locate": Get<{ place_id: string | null; path: { place_id: string; name: string; level: string }[]; rule: string }>;
  "/v1/layers": Get<Layer[]>;
  "/v1/layers/{layer_id}": GetAt<LayerFeatures, { layer_id: string }>;
  "/v1/buildings/{building_id}": GetAt<Row, { building_id: string }>;
  "/v1/entities/{entity}": GetAt<Rows, { entity: string }>;
  "/v1/numbers": Get<Figure[]>;
  "/v1/numbers/{number_id}": GetAt<Figure, { number_id: string }, Scope>;
  "/v1/numbers/{number_id}/rows": GetAt<Rows, { number_id: string }, Scope & { cursor?: string; limit?: number }>;
  "/v1/numbers/{number_id}/units": GetAt<UnitFigure[], { number_id: string }, Scope>;
  "/v1/numbers/{number_id}/series": GetAt<SeriesPoint[], { number_id: string }, Scope & { grain?: Grain; n?: number }>;
  "/v1/panels": Get<PanelSet>;
  "/v1/cases": Get<CaseList> & PostTo<{ case_id: string; case_no: string }, Row>;
  "/v1/cases/{case_id}": GetAt<CasePage, { case_id: string }>;
  "/v1/cases/{case_id}/owners": GetAt<{ items: OwnerSuggestion[]; as_of: string }, { case_id: string }>;
  "/v1/cases/{case_id}/steps": PostAt<CasePage, StepToTake, { case_id: string }>;
  "/v1/letters": PostTo<{ case_no: string; follow_code: string }, Row>;
  "/v1/letters/{case_no}": GetAt<Row, { case_no: string }, { code: string }>;
  "/v1/letters/{case_no}/rating": PostAt<Row, Row, { case_no: string }>;
  "/v1/categories": Get<List<Row> | Row[]>;
  "/v1/public/places": Get<List<Place>>;
  "/v1/loads": Get<List<Loads>>;
  "/v1/loads/{load_id}": GetAt<Loads, { load_id: string }>;
  "/v1/loads/{load_id}/rejects": GetAt<List<Row>, { load_id: string }>;
  "/v1/findings": Get<List<Row>>;
}
