import { knownWords } from './known-words.ts';

// Names of systems and protocols, spelt as we spell them, and what operating systems call their errors.
const KNOWN_NAMES: ReadonlySet<string> = new Set(
  `API Bearer Business Content-Type ERP GET HTTP HTTPS ID JSON Layer NTP Node One PATCH POST PostgreSQL Procore PUT SAP SMTP
   SQL Service TLS Tiebeam URL
   CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT EACCES EAI_AGAIN ECONNABORTED ECONNREFUSED ECONNRESET EHOSTUNREACH EMFILE
   ENETUNREACH ENOENT ENOMEM ENOSPC ENOTFOUND EPERM EPIPE EPROTO ETIMEDOUT SELF_SIGNED_CERT_IN_CHAIN
   UNABLE_TO_VERIFY_LEAF_SIGNATURE UND_ERR_BODY_TIMEOUT UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_SOCKET`
    .trim()
    .split(/\s+/),
);
// What follows one of these is a code of an error and no amount.
const BEFORE_CODES: ReadonlySet<string> = new Set(['HTTP', 'status', 'code']);
const LONGEST = 1_000;
const LEFT_OUT = '…';

/**
 * A sentence with nothing in it but words that are known to say nothing about anybody: names, amounts, addresses and
 * whatever else it holds become an ellipsis. A list of what may stay cannot miss what nobody thought of.
 */
export function plainWords(text: string): string {
  const kept: string[] = [];
  let before = '';
  let begins = true;
  for (const token of clipped(text).split(/\s+/).filter(Boolean)) {
    const [, open = '', core = '', close = ''] = /^(["'(]*)(.*?)([.,:;!?"')]*)$/s.exec(token) ?? [];
    const stays =
      knownWords.has(begins ? uncapitalised(core) : core) ||
      KNOWN_NAMES.has(core) ||
      (BEFORE_CODES.has(before) && /^-?\d{3,5}$/.test(core));
    const shown = stays ? `${open}${core}${close}` : `${LEFT_OUT}${close.replaceAll(/["')]/g, '')}`;
    before = core;
    begins = /[.!?]$/.test(close);
    if (stays || kept.at(-1) !== LEFT_OUT) kept.push(shown);
    else kept[kept.length - 1] = shown;
  }
  return kept.join(' ');
}

function uncapitalised(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}

/** A sentence as it stands, bounded: some servers answer with a page. */
export function clipped(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)} (cut)`;
}
