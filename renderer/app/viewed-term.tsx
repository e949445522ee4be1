import { Select } from 'antd';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { useSearch } from 'wouter';
import { describeTerm, formatTerm, parseTerm } from '../../domain/term.ts';
import { useQueryOperation } from './backend.ts';
import { useOffice } from './session.ts';

/** As screens ask the backend with it: `{ academicYear: 109, semester: 1 }`. */
export interface ViewedTerm {
  academicYear: number;
  semester: number;
}

interface ViewedTerms {
  /** The term that the screens show: the school's current one, until the clerk chooses another. The same object while it is the same term. */
  term: ViewedTerm;
  /** On offer, newest first. */
  terms: readonly ViewedTerm[];
  /** Academic years on offer, newest first. */
  years: readonly number[];
  choose: (term: ViewedTerm) => void;
}

const ViewedTermContext = createContext<ViewedTerms | null>(null);

/** Keeps the term that the clerk looks at, one for all screens; an address with `?term=1091` chooses it. */
export function ViewedTermProvider({ children }: { children: ReactNode }) {
  const current = useOffice().term;
  const offered = useQueryOperation('terms.offered', {});
  const [chosen, choose] = useState<ViewedTerm | null>(null);
  const addressed = new URLSearchParams(useSearch()).get('term');
  useEffect(() => {
    const term = addressed === null ? undefined : parseTerm(addressed);
    if (term) choose(term);
  }, [addressed]);

  const { academicYear, semester } = chosen ?? current;
  const value = useMemo(() => {
    const terms = offered.data?.terms ?? [current];
    return { term: { academicYear, semester }, terms, years: [...new Set(terms.map((term) => term.academicYear))], choose };
  }, [academicYear, semester, offered.data, current]);
  return <ViewedTermContext value={value}>{children}</ViewedTermContext>;
}

/** @throws outside the frame */
export function useViewedTerm(): ViewedTerms {
  const value = useContext(ViewedTermContext);
  if (!value) throw new Error('useViewedTerm is for screens within the frame');
  return value;
}

/** 學年期 [1091 ▾]: changes the term of every screen. */
export function TermSelect({ variant }: { variant?: 'borderless' }) {
  const { term, terms, choose } = useViewedTerm();
  return (
    <Select
      className="figure"
      variant={variant}
      aria-label="學年期"
      popupMatchSelectWidth={false}
      value={formatTerm(term)}
      options={terms.map((each) => ({ value: formatTerm(each), label: formatTerm(each), title: describeTerm(each) }))}
      onChange={(text: string) => {
        const wanted = parseTerm(text);
        if (wanted) choose(wanted);
      }}
    />
  );
}

/** 學年 [109 ▾]: for what counts by the year. Keeps the term's semester where that year has it. */
export function YearSelect() {
  const { term, terms, years, choose } = useViewedTerm();
  return (
    <Select
      className="figure"
      aria-label="學年"
      popupMatchSelectWidth={false}
      value={term.academicYear}
      options={years.map((year) => ({ value: year, label: String(year), title: `${year} 學年度` }))}
      onChange={(year: number) => {
        const ofYear = terms.filter(({ academicYear }) => academicYear === year);
        const wanted = ofYear.find(({ semester }) => semester === term.semester) ?? ofYear[0];
        if (wanted) choose(wanted);
      }}
    />
  );
}
