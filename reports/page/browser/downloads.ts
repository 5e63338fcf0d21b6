import { csvField } from '../../text/csv.ts';
import { embeddedRecord } from './embedded.ts';

/** The buttons that save what the page was made from. */
export function offerDownloads(): void {
  const record = embeddedRecord();
  onClick('save-record', () =>
    save(`${record.id}.json`, 'application/json', JSON.stringify(record, null, 2)),
  );
  onClick('save-figures', () => save(`${record.id}.csv`, 'text/csv', tablesAsCsv()));
}

/** Every table under a figure, one after the other: the figure's title, then its rows. */
function tablesAsCsv(): string {
  return [...document.querySelectorAll('figure.figure')]
    .map((figure) => {
      const rows = [...figure.querySelectorAll('tr')].map((row) =>
        [...row.cells].map((cell) => csvField(cell.dataset.value ?? cell.textContent)).join(','),
      );
      return [csvField(figure.querySelector('.figure-title')!.textContent), ...rows].join('\r\n');
    })
    .join('\r\n\r\n');
}

function save(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function onClick(id: string, action: () => void): void {
  document.getElementById(id)!.addEventListener('click', action);
}
