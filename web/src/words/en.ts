/** English. One file an end; the keys are those of zh-CN, held by lint. */
import account from "@/words/en/account";
import cockpit from "@/words/en/cockpit";
import desk from "@/words/en/desk";
import forms from "@/words/en/forms";
import help from "@/words/en/help";
import landing from "@/words/en/landing";
import mobile from "@/words/en/mobile";
import panels from "@/words/en/panels";
import privacy from "@/words/en/privacy";
import resident from "@/words/en/public";
import shared from "@/words/en/shared";

export default { ...shared, account, landing, cockpit, desk, forms, help, mobile, panels, privacy, public: resident };
