import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { SHORTCUTS } from '../keys.ts';
import type { AudienceState } from '../protocol.ts';

/** The keys, as the keyboard knows them. */
export function Help({ open, close }: { open: boolean; close: () => void }) {
  return (
    <Dialog title="Keys" look="help" {...{ open, close }}>
      <dl class="shortcuts">
        {SHORTCUTS.map(({ keys, shown = keys.join(' '), does }) => (
          <div key={does}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">A click on a worker kills it; its launcher starts another.</p>
    </Dialog>
  );
}

/** The audience's address, to be seen from the last row. */
export function Invitation(props: { audience: AudienceState; open: boolean; close: () => void }) {
  const { audience, open, close } = props;
  return (
    <Dialog title="Join in" look="invitation" {...{ open, close }}>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(audience.qr)}`}
        alt="The address as a QR code"
      />
      <p class="address">{audience.address}</p>
    </Dialog>
  );
}

function Dialog(props: {
  readonly title: string;
  readonly look: string;
  readonly open: boolean;
  readonly close: () => void;
  readonly children: ComponentChildren;
}) {
  const { title, look, open, close, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (open && !dialog.current!.open) dialog.current!.showModal();
    if (!open) dialog.current!.close();
  }, [open]);
  return (
    <dialog class={look} ref={dialog} onClose={close} aria-labelledby={`${look}-title`}>
      <div class="dialog-head">
        <h2 id={`${look}-title`}>{title}</h2>
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
      {children}
    </dialog>
  );
}
