export default {
  title: "Cockpit",
  people: "People & place", people_sub: "state of data", events: "Events", events_sub: "state of cases", growth: "Development", growth_sub: "over time",
  map: "Map", headline: "Headline", compared: "compared with {base}", more: "{n} more", no_change: "Nothing beyond the usual, compared with this time yesterday",
  open_by_clock: "Open cases", by_limit: "by share of limit used", none_open: "No open cases",
  newest: "Newest and most urgent", left: "left", no_cases: "No open cases",
  units: "By {level}", replay: "Replay at {at}", replay_hint: "Pick a day or drag: every number moves to that moment", live: "live", to_live: "Back to live",
  earlier: "Day before", later: "Day after", play: "Play", pause: "Pause", new_cases: "{n} new",
};
