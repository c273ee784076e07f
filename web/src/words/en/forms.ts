/** What the forms of all ends share: photos, places. */
export default {
  not_sent: "Not sent:",
  photo: {
    add: "Add photo", take: "Take photo", nth: "Photo {n}", remove: "Remove photo {n}", reading: "Preparing", sending: "{done}% sent", sent: "Sent", kept: "Stored here", failed: "Not sent",
    not_a_picture: "“{name}” is not a readable photo.", too_big_for_device: "“{name}” is too large for this device.", take_another: "Choose another JPEG, PNG or WebP photo.",
    wait: "photos are still being sent", mend: "a photo was not sent: try again or remove it",
  },
  where: {
    here: "Use my position", found: "Located within {m} m", refused: "Position not allowed. Search for a place below, or describe it.", unavailable: "No position here. Search for a place below, or describe it.",
    not_secure: "This address is not https, so the browser gives no position. Search for a place below, or describe it.", asking: "Locating",
    search: "Find a place", search_hint: "Name of a community or street", results: "Places found", none: "No place with that name; you can describe it below.",
    note: "Describe the spot", note_hint: "e.g. building 7, entrance 2", change: "Change", fill: "Fill in", done: "Done", nowhere: "Not given yet",
  },
};
