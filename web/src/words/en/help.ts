/** Help and first words. */
export default {
  title: "Help", open: "Help on this page", whole: "Open the whole page of the documentation", away: "Help cannot be read now: the server does not answer.", first: "At first", more: "Help", put_away: "Got it", again: "Show first hints again on every page",
  hint: {
    queue: "On the left, cases that wait to be dispatched, by how much of their limit is used. Choose one, see who could do it and why, press D to dispatch; Z takes it back within 10 seconds.",
    places: "The tree on the left goes back to any day. Choose a place: its numbers, buildings, organisations and history are on the right; every number opens to its formula and rows.",
    building: "A row is a floor, a column a riser. ⇧C selects a whole column, ⇧F a floor; one sentence below says what is selected.",
    loads: "What each load read, what it refused and why. Open a load to see its rows.",
    packs: "Packs are switched on by place: a pilot first, then for good. Use and remarks are counted by place.",
    wall: "Every figure opens to where it comes from; the map narrows to a place; the handle below goes back in time. T begins the tour; after ten minutes without a hand the wall is at rest.",
    tasks: "Tasks stand in walking order. Open one and use the button at the bottom; without a network it is kept and sent later.",
    report: "A photo, a sentence, a place: that is a report. Without a network it waits on the phone.",
    homes: "Choose a building and go through its floors. A room number on top takes the riser; a home that is tapped opens below.",
    letter: "Write in your own words what is the matter and where. You get a number and a code, shown once: keep both.",
    follow: "With number and code you see how far it is, every answer, and can rate it.",
  },
};
