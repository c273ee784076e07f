/** Pages of the documentation: written by the server, dressed here. The theme is that of the end the reader comes from. */
import "@/design/tokens.css";
import "@/design/base.css";
import "@/shell/help/doc.css";
import { dress } from "@/design/appearance";

dress("docs", "desk", "paper");
