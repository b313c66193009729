import './tags.css';

/** Short texts beside one another, as the labels of a device. */
export function Tags({ label, tags }: { label: string; tags: readonly string[] }) {
  if (tags.length === 0) return <span className="soft">–</span>;
  return (
    <ul className="tags" aria-label={label}>
      {tags.map((tag) => (
        <li key={tag}>{tag}</li>
      ))}
    </ul>
  );
}
