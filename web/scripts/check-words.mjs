// Fails when a key is missing in one language, when the source asks for a key that no language has, and when words are
// not set as they are read: a hand-made gap between Chinese and Latin, narrow punctuation, Chinese in the English words.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import ts from "typescript";

const src = new URL("../src", import.meta.url).pathname;

function all(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? all(path) : /\.(ts|vue)$/.test(name) ? [path] : [];
  });
}

async function wordsOf(language) {
  const parts = {};
  for (const name of readdirSync(join(src, "words", language))) {
    const source = readFileSync(join(src, "words", language, name), "utf8");
    const { outputText } = ts.transpileModule(source, { compilerOptions: { module: "ESNext", target: "ES2022" } });
    const { default: words } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
    parts[name.replace(".ts", "")] = words;
  }
  const { shared, ...ends } = parts;
  return flat({ ...shared, ...ends });
}

function flat(tree, before = "") {
  return Object.entries(tree).reduce((keys, [name, value]) => {
    const key = before ? `${before}.${name}` : name;
    return value && typeof value === "object" ? new Map([...keys, ...flat(value, key)]) : keys.set(key, value);
  }, new Map());
}

const slots = (text) => [...String(text).matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join();
const zh = await wordsOf("zh-CN");
const en = await wordsOf("en");
const faults = [];
for (const key of zh.keys()) if (!en.has(key)) faults.push(`en lacks ${key}`);
for (const key of en.keys()) if (!zh.has(key)) faults.push(`zh-CN lacks ${key}`);
for (const [key, text] of zh) {
  // English says one thing and many apart: "{n} step | {n} steps".
  for (const said of en.has(key) ? en.get(key).split(" | ") : []) {
    if (slots(text) !== slots(said)) faults.push(`${key}: {${slots(text)}} in zh-CN, {${slots(said)}} in en`);
  }
}
// Chinese is written close to Latin and digits: the browser sets the gap (text-autospace). Its punctuation is full width.
const han = "\\u3400-\\u9fff";
const count = "\\{(?:n|m|k|all|most|least|done|n_[a-z]+)\\}";
const gap = new RegExp(`[${han}] (?:${count}|[A-Za-z0-9])|(?:${count}|[A-Za-z0-9%]) [${han}]`);
const narrow = new RegExp(`[${han}][,;:!?]|[,;:!?][${han}]|[${han}]\\([^)]*[${han}]|[${han}]\\.(?:$|[^a-z])`);
for (const [key, text] of zh) {
  if (gap.test(text)) faults.push(`${key}: a space between Chinese and Latin: ${text}`);
  if (narrow.test(text)) faults.push(`${key}: punctuation of Latin after Chinese: ${text}`);
}
const packs = new URL("../../huitian/scenarios", import.meta.url).pathname;
for (const pack of readdirSync(packs)) {
  const path = join(packs, pack, "strings", "zh.toml");
  if (!existsSync(path)) continue;
  for (const [, text] of readFileSync(path, "utf8").matchAll(/=\s*"([^"]*)"/g)) if (gap.test(text) || narrow.test(text)) faults.push(`${pack}: ${text}`);
}
const chinese = new RegExp(`[${han}]`);
const own = new Set(["action.language", "desk.rail.mark"]);
for (const [key, text] of en) {
  if (chinese.test(text) && !own.has(key)) faults.push(`${key}: Chinese in the English words: ${text}`);
}
for (const path of all(src).filter((path) => !path.includes("/words/"))) {
  for (const [, key] of readFileSync(path, "utf8").matchAll(/\bt\(\s*["']([\w.]+)["']/g)) {
    if (!zh.has(key)) faults.push(`${relative(src, path)} asks for ${key}, which has no words`);
  }
}
if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log(`words: ${zh.size} keys in zh-CN and en`);
