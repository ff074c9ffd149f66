import { createContext, useContext } from 'react';
import { dictionaries, type Words } from './dictionaries.ts';

/** Set by the frame around the pages, which knows the company. */
export const WordsContext = createContext<Words>(dictionaries['general-contractor']);

/** The words of the company whose pages are shown. */
export function useWords(): Words {
  return useContext(WordsContext);
}
