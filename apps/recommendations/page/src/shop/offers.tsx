import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { type Answer, ask, type Offer, tell } from "../api.ts";
import { Asked } from "../asked.tsx";
import { change, money, percent, time } from "../format.ts";
import { useDelayed } from "../use-delayed.ts";

interface OffersProps {
  readonly userId: string;
  readonly onBuy: (productId: string) => void;
  readonly isBuying: boolean;
}

/** What the customer is offered, why, and what re-ranking for revenue or diversity costs. */
export function Offers({ userId, onBuy, isBuying }: OffersProps): ReactElement {
  const [revenue, setRevenue] = useState(0);
  const [diversity, setDiversity] = useState(0);
  const weights = useDelayed({ revenue, diversity }, 150);
  const query = useQuery({
    queryKey: ["offers", userId, weights.revenue, weights.diversity],
    queryFn: () =>
      ask<Answer>(`/recommendations/users/${encodeURIComponent(userId)}`, {
        num_results: "10",
        explain: "true",
        revenue_weight: String(weights.revenue),
        diversity: String(weights.diversity),
      }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  return (
    <section className="panel" aria-label="Offers">
      <h2>Offers for {userId}</h2>
      <Slider name="Revenue" low="relevance" high="price" value={revenue} onChange={setRevenue} />
      <Slider
        name="Diversity"
        low="best first"
        high="as different as can be"
        value={diversity}
        onChange={setDiversity}
      />
      <Asked query={query} what="the offers">
        {(answer) => <OfferList answer={answer} onBuy={onBuy} isBuying={isBuying} />}
      </Asked>
    </section>
  );
}

interface SliderProps {
  readonly name: string;
  readonly low: string;
  readonly high: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Slider({ name, low, high, value, onChange }: SliderProps): ReactElement {
  return (
    <label>
      <span className="faint">
        {name}: {value.toFixed(2)} (0 {low}, 1 {high})
      </span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={value}
        onChange={({ target }) => onChange(Number(target.value))}
      />
    </label>
  );
}

interface OfferListProps {
  readonly answer: Answer;
  readonly onBuy: (productId: string) => void;
  readonly isBuying: boolean;
}

function OfferList({ answer, onBuy, isBuying }: OfferListProps): ReactElement {
  const { recommendations, source, fallback_reason, computed_at, reranking, recommendation_id } = answer;
  return (
    <>
      <p className="faint" data-source={source}>
        From {source.replaceAll("_", " ")}, {time(computed_at)}.
      </p>
      {fallback_reason !== null && <p className="notice">{fallback_reason}</p>}
      {reranking !== null && (
        <p className="notice">
          Keeps {percent(reranking.relevance_kept)} of the relevance; expected revenue{" "}
          {change(reranking.expected_revenue_gain)}; diversity {reranking.diversity_before.toFixed(2)} →{" "}
          {reranking.diversity_after.toFixed(2)}.
        </p>
      )}
      <ol className="plain" aria-label="Offered products">
        {recommendations.map((offer, index) => (
          <OfferRow
            key={offer.product_id}
            offer={offer}
            place={index + 1}
            isBuying={isBuying}
            onBuy={() => {
              if (recommendation_id !== undefined) noteClick(recommendation_id, offer.product_id);
              onBuy(offer.product_id);
            }}
          />
        ))}
      </ol>
    </>
  );
}

/** Counts for the click-through rate; a purchase does not wait for it, nor fail with it. */
function noteClick(recommendation_id: string, product_id: string): void {
  tell<void>("/clicks", { recommendation_id, product_id }).catch(() => undefined);
}

interface OfferRowProps {
  readonly offer: Offer;
  readonly place: number;
  readonly onBuy: () => void;
  readonly isBuying: boolean;
}

function OfferRow({ offer, place, onBuy, isBuying }: OfferRowProps): ReactElement {
  const { product_id, product_name, price, score, relevance, confidence, reason } = offer;
  const made = `confidence ${confidence.toFixed(2)} × relevance ${relevance.toFixed(2)}`;
  return (
    <li className="offer" data-product={product_id}>
      <span className="place">{place}</span>
      <span>
        {product_name} <span className="faint">{money(price)}</span>
        <br />
        <span className="faint" title={made}>
          {score.toFixed(2)} · {reason?.text ?? offer.category ?? ""}
        </span>
      </span>
      <button type="button" disabled={isBuying} onClick={onBuy} aria-label={`Buy ${product_name}`}>
        Buy
      </button>
    </li>
  );
}
