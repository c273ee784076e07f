/** 中文。每端一个文件；键与 en 相同，由 lint 检查。 */
import account from "@/words/zh-CN/account";
import cockpit from "@/words/zh-CN/cockpit";
import desk from "@/words/zh-CN/desk";
import forms from "@/words/zh-CN/forms";
import help from "@/words/zh-CN/help";
import landing from "@/words/zh-CN/landing";
import mobile from "@/words/zh-CN/mobile";
import panels from "@/words/zh-CN/panels";
import privacy from "@/words/zh-CN/privacy";
import resident from "@/words/zh-CN/public";
import shared from "@/words/zh-CN/shared";

export default { ...shared, account, landing, cockpit, desk, forms, help, mobile, panels, privacy, public: resident };
