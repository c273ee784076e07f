export default {
  lead: "One city, one database, four screens.",
  lead_more: "See how a letter becomes a closed case, and where every number comes from.",
  doors: "Four doors",
  cockpit: { title: "Wall", who: "For the leader on duty: how things stand, what changed, what needs a decision." },
  desk: { title: "Desk", who: "For dispatchers and the data office: one queue, who should handle each case and why; places, loads, findings." },
  mobile: { title: "Phone", who: "For residents' committees and grid workers: tasks, visits, photos, closing." },
  public: { title: "Community mailbox", who: "For residents: write, follow with a number, rate. No account needed." },
  enter: "Enter", needs_sign_in: "sign in", area: "{area} km²", api: "API reference",
};
