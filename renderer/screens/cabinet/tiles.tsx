import type { SectionGroup } from './sections.ts';

interface TilesProps {
  groups: readonly SectionGroup[];
  chosen: string;
  onChoose: (key: string) => void;
}

/** The drawers of the cabinet, each with how many records are in it. */
export function Tiles({ groups, chosen, onChoose }: TilesProps) {
  return (
    <nav className="cabinet-tiles" aria-label="檔案櫃">
      {groups.map(({ title, note, sections }) => (
        <section key={title} className="cabinet-group" aria-label={title || '學生資料'}>
          {title && (
            <h2>
              {title}
              <span className="cabinet-note">{note}</span>
            </h2>
          )}
          <ul>
            {sections.map((section) => (
              <li key={section.key}>
                <button
                  type="button"
                  className={section.key === chosen ? 'cabinet-tile cabinet-tile-chosen' : 'cabinet-tile'}
                  aria-current={section.key === chosen ? 'page' : undefined}
                  onClick={() => onChoose(section.key)}
                >
                  <span>{section.title}</span>
                  {section.kind && <span className="figure">({section.records.length})</span>}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
