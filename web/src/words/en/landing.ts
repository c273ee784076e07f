export default {
  lead: "One city, one data base, four screens.",
  lead_more: "How a letter becomes a closed case, and where every number comes from: open it here.",
  doors: "Four doors",
  cockpit: { title: "Cockpit", who: "For the leader on duty: what is going on, what changed, what needs a decision." },
  desk: { title: "Desk", who: "For dispatchers and the data office: one queue, whom to give it to and why; places, loads, findings." },
  mobile: { title: "Phone", who: "For residents' committees and grid workers: my tasks, visit, photo, close." },
  public: { title: "Community mailbox", who: "For residents: write, follow by number, rate. No sign-in." },
  enter: "Enter", needs_sign_in: "sign-in", area: "{area} km²", api: "API reference",
};
