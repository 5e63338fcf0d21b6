import MarkdownIt from 'markdown-it';
import { escapeText, type Html, trusted, visible } from '../../page/html.ts';
import type { RunRecord } from '../../record/schema.ts';
import { runFigure } from './run-figures.ts';

/**
 * Turns a lesson's Markdown into HTML: no HTML of its own, no images (they would be fetched), links
 * to the web only, and the run's figures in place of `{{…}}`.
 */
export function markdownFor(record: RunRecord): (markdown: string) => Html {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: true });
  markdown.disable('image');
  markdown.validateLink = (url) => /^(https?:\/\/|#)/i.test(url);
  markdown.inline.ruler.before('text', 'run_figure', (state, silent) => {
    const match = PLACEHOLDER.exec(state.src.slice(state.pos, state.posMax));
    if (!match) return false;
    if (!silent) {
      const token = state.push('run_figure', '', 0);
      token.content = match[1]!;
    }
    state.pos += match[0].length;
    return true;
  });
  markdown.renderer.rules.run_figure = (tokens, index) =>
    figureHtml(tokens[index]!.content, record);
  markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
    tokens[index]!.attrSet('rel', 'noreferrer');
    return renderer.renderToken(tokens, index, options);
  };
  // The policy of the file forbids style attributes, by which markdown-it aligns columns.
  for (const rule of ['th_open', 'td_open']) {
    markdown.renderer.rules[rule] = (tokens, index, options, _env, renderer) => {
      const token = tokens[index]!;
      if (String(token.attrGet('style')).includes('right')) token.attrSet('class', 'number');
      token.attrs = token.attrs?.filter(([name]) => name !== 'style') ?? null;
      return renderer.renderToken(tokens, index, options);
    };
  }
  return (text) => trusted(markdown.render(visible(text)));
}

const PLACEHOLDER = /^\{\{(.*?)\}\}/;

function figureHtml(inside: string, record: RunRecord): string {
  const value = runFigure(inside, record);
  return value === undefined
    ? `<mark>{{${escapeText(inside)}}}</mark>`
    : `<span class="run-figure">${escapeText(value ?? '(not in this run)')}</span>`;
}
