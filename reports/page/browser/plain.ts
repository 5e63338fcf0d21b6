import { startDecision } from './decision.ts';
import { startPage } from './start-page.ts';

/** The script of pages without charts: lists, and the pages of a course. */
startPage();
startDecision();
