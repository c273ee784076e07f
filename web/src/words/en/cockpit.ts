export default {
  title: "Cockpit",
  people: "People & place", people_sub: "state of data", events: "Events", events_sub: "state of cases", growth: "Development", growth_sub: "over time",
  map: "Map", headline: "Headline", compared: "compared with {base}", which: "{n} of {all}",
  no_change: "Nothing beyond the usual, compared with this time yesterday", newest: "Newest and most urgent", left: "left", no_cases: "No open cases",
  scope_back: "Back to {name}", replay: "Replay {from} – {to}", replay_hint: "Drag: every number moves to that moment", handle: "Replay handle: {at}",
  live: "live {at}", to_live: "Live", at: "replay {at}", stream_is_live: "this list is live", play: "Play", pause: "Pause", step: "one step",
  earlier: "One step back", later: "One step on", empty_slot: "No panels in this column yet",
  more_than: "{title}: {size} {unit} more than {base}", fewer_than: "{title}: {size} {unit} fewer than {base}", same_as: "{title}: the same as {base}",
};
