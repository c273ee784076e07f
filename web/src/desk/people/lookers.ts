/** Who may see the grants of others; held by the server too. */
export const lookers = ["data_admin", "auditor"];
