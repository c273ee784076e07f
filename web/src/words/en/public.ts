export default {
  title: "Community mailbox", brand: "Huitian neighbours", yesterday: "yest. {at}", large: "Large text", aside: "Beside",
  nav: { write: "Write", follow: "My letter" },
  write: {
    title: "Write to your community", to: "Write to {place}", lead: "You need not know which office to ask. Write it down; we find who can help and tell you every step.",
    body: "Your letter", hint: "What is wrong, where, and since when?", n: "{n} character | {n} characters", n_of: "{n} of {most} characters", n_photos: "photos: {n}", kept: "kept on this device {at}", photos: "Photos",
    missing: "Nothing written yet. One sentence is enough.", too_long: "{n} character too many; please shorten it. | {n} characters too many; please shorten it.", send: "Send", nothing_lost: "Everything you wrote is still here; you can send it again.",
    promise: "Received by the community within 4 h, answered within 3 days",
  },
  danger: {
    lead: "Somebody in danger? Call first:", now: "This sounds dangerous. Please call first:", fire: "fire, gas", police: "police", doctor: "ambulance",
    signs: "fire/smoke/gas leak/smell of gas/explo/electrocut/unconscious/knife/trapped in",
  },
  where: "Where", where_empty: "Not given yet; it helps us act faster", what: "Topic", what_empty: "Not sure, choose for me", no_categories: "Topics are not available now; you can skip this.",
  who: {
    title: "Your name", empty: "Optional", name: "Name, or what to call you", phone: "Phone", phone_hint: "Only so that the people handling this can reach you.", anonymous: "Confidential: do not tell the organisation in charge who I am", anonymous_short: "confidential",
  },
  pen: {
    title: "Who is writing", self: "I am writing myself", other: "Written for somebody else", lead: "If writing is difficult, family, a neighbour or a community worker can write down what you say.", check: "I am writing for somebody else", who: "Who is writing it down", who_hint: "e.g. daughter, neighbour", line: "(written down by {who})", somebody: "somebody else",
  },
  voice: { offer: "Speak instead", start: "Start speaking", stop: "Done", on: "Listening", who: "Some browsers send the sound to their maker to recognise it. If you would rather not, please type.", fault: "That did not work. Try again, or type." },
  ladder: { lead: "How a letter climbs", L0: "You", L1: "Community", L2: "Street", L3: "Offices", L4: "Never again" },
  ladder_long: { L0: "You sent it", L1: "Community has it", L2: "Street took over", L3: "Offices on site", L4: "Never again" },
  ladder_note: {
    L0: "You get a number and a code to follow and rate it.", L1: "Received within 4 h, handled and answered within 3 days.", L2: "What the community cannot solve goes to the street, which assigns it to the organisation in charge.",
    L3: "If one organisation cannot do it alone, the street calls the offices together.", L4: "The cause is found, and the plan to keep it from happening again is written down.",
  },
  level: { done: "reached", now: "here now", ahead: "not yet", skipped: "passed over", late: "later than promised" },
  state: {
    pending_dispatch: "finding who can help", dispatched: "assigned", signed: "accepted", in_progress: "being worked on", replied: "please rate it", visiting: "rated",
    closed: "closed", rework: "being done again",
  },
  sent: {
    done: "Sent", title: "Your letter arrived. Keep these two lines", lead: "With the number and the code you can follow every step and rate it. The code is shown only here.", copy: "Copy", print: "Print",
    copied: "Copied", not_copied: "This device does not allow copying; write it down or print it.", follow: "Follow this letter", none: "No letter was just sent.", where: "To follow it, open the community mailbox and choose “My letter”.",
    text: "Community mailbox number {no} code {code} follow at {address}",
  },
  follow: {
    done_stays: "The history is still here.",
    title: "My letter", lead: "See how far a letter has come", no: "Number of the letter", no_hint: "Given when it was sent, such as XX20261116000071", code: "Follow code", code_hint: "Eight letters and digits; case does not matter",
    no_missing: "Please enter the number of the letter.", code_missing: "Please enter the follow code.", ask: "Look up", not_found: "The number or the code is not right.", not_found_do: "Compare them with the two lines you got when you sent the letter. If you lost the code, call your community.", headline: "Step {n}: {state}", spent: "So far {time}", took: "Took {time}", moment: "less than a minute", promised: "answer promised by {at}",
    steps: "History", expected: "next", due: "Answer to you", overdue: "The answer is later than promised", reply: "Answer", reply_of: "Answer from {org}", rate: "Rate it", rate_again: "Rate again", not_fixed: "Not fixed",
    rated: "You said: {solved}, {satisfied}", another: "Another letter", print: "Print",
  },
  rate: {
    title: "Rate", headline: "How was it handled?", lead: "Three questions, about 20 seconds. The people who handled it do not see who rated.", q1: "Did anybody contact you?", q2: "Is it solved?", q3: "Are you satisfied?",
    contacted: { yes: "Yes", no: "No", unsure: "Not sure" }, solved: { solved: "Solved", partly: "Partly", unsolved: "Not solved" },
    more: "Anything else (optional)", what_left: "What is still not fixed (optional)", missing: "Question {which} is not answered yet.", send: "Send rating", done: "Rating received", thanks: "Thank you",
    then: "What is not solved goes back to be done again. Follow it under “My letter”.", back: "Back to this letter",
  },
};
