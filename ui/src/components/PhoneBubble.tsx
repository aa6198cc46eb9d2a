/*
 * PhoneBubble.tsx - a message as it stands in KakaoTalk: the channel's name and the bubble with its
 * picture, emphasis title, text, extra text and buttons.
 *
 * It is given either finished text or pieces, whose variables, values and gaps are marked. It keeps a
 * phone's light colours in the dark scheme too, because the phone does. A picture lies where the gateway
 * says; one that cannot be loaded can be opened instead.
 */
import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Piece } from '../lib/variables';
import classes from './PhoneBubble.module.css';

type Text = string | Piece[];

export interface BubbleButton {
  name: string;
  type?: string;
  target?: string | null;
}

export interface PhoneBubbleProps {
  sender: string;
  image?: string | null;
  title?: Text | null;
  subtitle?: string | null;
  body: Text;
  extra?: string | null;
  /* The sentence that asks people to add the channel. */
  asksForChannel?: boolean;
  buttons: BubbleButton[];
  label?: string;
  /* Stands inside something that is pressed, and must hold no links of its own. */
  still?: boolean;
}

function Pieces({ of }: { of: Text }) {
  if (typeof of === 'string') return of;
  return of.map((p, i) =>
    p.kind === 'fixed' ? (
      p.text
    ) : (
      <span key={i} className={classes[p.kind]}>
        {p.text}
      </span>
    ),
  );
}

function Picture({ src, still }: { src: string; still?: boolean }) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  if (/^(data|https?):/.test(src) && !broken)
    return (
      <img
        className={classes.picture}
        src={src}
        alt={t('bubble.image')}
        referrerPolicy="no-referrer"
        onError={() => setBroken(true)}
      />
    );
  return (
    <div className={classes.noPicture}>
      <IconPhoto size={28} aria-hidden />
      {/^https?:/.test(src) && !still ? (
        <a href={src} target="_blank" rel="noreferrer noopener">
          {t('bubble.openImage')}
        </a>
      ) : (
        t('bubble.image')
      )}
    </div>
  );
}

export function PhoneBubble(props: PhoneBubbleProps) {
  const { sender, image, title, subtitle, body, extra, asksForChannel, buttons, label, still } = props;
  const { t } = useTranslation();
  return (
    <section className={classes.screen} aria-label={label ?? t('bubble.label')} data-testid="bubble">
      <div className={classes.row}>
        <span className={classes.avatar} aria-hidden>
          {[...sender][0]}
        </span>
        <div className={classes.side}>
          <p className={classes.sender}>{sender}</p>
          <div className={classes.bubble}>
            <div className={classes.head}>{t('bubble.arrived')}</div>
            {image && <Picture src={image} still={still} />}
            <div className={classes.inner}>
              {(subtitle || (title && title.length > 0)) && (
                <div className={classes.emphasis}>
                  {subtitle && <p className={classes.subtitle}>{subtitle}</p>}
                  {title && title.length > 0 && (
                    <p className={classes.title}>
                      <Pieces of={title} />
                    </p>
                  )}
                </div>
              )}
              <p className={classes.body}>
                <Pieces of={body} />
              </p>
              {extra && <p className={classes.extra}>{extra}</p>}
              {asksForChannel && <p className={classes.extra}>{t('bubble.addChannel')}</p>}
            </div>
            {buttons.length > 0 && (
              <ul className={classes.buttons}>
                {buttons.map((b, i) => (
                  <li key={i} className={classes.button} data-type={b.type}>
                    {b.name}
                    {b.target && <span className={classes.kind}>→ {b.target}</span>}
                  </li>
                ))}
              </ul>
            )}
          </div>
        </div>
      </div>
    </section>
  );
}
