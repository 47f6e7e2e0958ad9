using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Sentences as token ids: fields input_ids, attention_mask and token_type_ids (zeros), int64, each as long as its
/// sentence. A batch is padded to its longest sentence.
/// </summary>
public sealed class TextSource : IDataSource
{
    private readonly ImmutableArray<int[]> sentences;
    private readonly ImmutableArray<Tensor> targets;
    private readonly Lazy<string> fingerprint;
    private readonly int padding;

    /// <summary>Tokenizes sentences.</summary>
    /// <param name="name">What messages call the source.</param>
    /// <param name="texts">The sentences.</param>
    /// <param name="options">The tokenizer, and how long sentences may be.</param>
    /// <param name="targets">Targets by name, axis 0 the sentences; null for none.</param>
    /// <param name="classes">How many classes a target has that is one integer a sentence; null for one more than its
    /// largest.</param>
    /// <exception cref="DataException">There is no tokenizer or one whose ids the network does not have, a sentence has
    /// no token, or targets do not fit the sentences.</exception>
    public TextSource(
        string name,
        IReadOnlyList<string> texts,
        TextOptions options,
        IReadOnlyList<KeyValuePair<string, Tensor>>? targets = null,
        int? classes = null
    )
        : this(name, texts, options, targets, classes, []) { }

    internal TextSource(
        string name,
        IReadOnlyList<string> texts,
        TextOptions options,
        IReadOnlyList<KeyValuePair<string, Tensor>>? targets,
        int? classes,
        IEnumerable<string> notes
    )
    {
        TextTokenizer tokenizer = options.Tokenizer
            ?? throw new DataException(
                $"data set '{name}' is text, which needs the tokenizer that the network was trained with: a WordPiece "
                    + "vocabulary (vocab.txt), a BPE vocabulary (vocab.json beside merges.txt) or a SentencePiece model"
            );
        options.Limits.Check(tokenizer);
        targets ??= [];
        foreach (var (key, target) in targets)
            if (target.Shape.Rank == 0 || target.Shape[0] != texts.Count)
                throw new DataException(
                    $"data set '{name}' has {texts.Count} sentences, and target '{key}' has shape {target.Shape}"
                );
        (Name, padding, Inputs) = (name, tokenizer.PaddingId, FieldsOf(tokenizer.PaddingId));
        this.targets = [.. targets.Select(t => t.Value)];
        Targets = [.. targets.Select(t => TargetOf(name, t.Key, t.Value, classes))];
        (sentences, string[] truncated) = Tokenized(texts, tokenizer, options);
        Notes = [.. notes, .. truncated];
        Lengths = [.. sentences.Select(s => s.Length)];
        fingerprint = new(Hash);
    }

    private TextSource(TextSource whole, int[] indices, ImmutableArray<Tensor> targets)
    {
        (Name, padding, Inputs, Targets) = (whole.Name, whole.padding, whole.Inputs, whole.Targets);
        Notes = whole.Notes;
        this.targets = targets;
        sentences = [.. indices.Select(i => whole.sentences[i])];
        Lengths = [.. sentences.Select(s => s.Length)];
        fingerprint = new(Hash);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => sentences.Length;

    /// <inheritdoc/>
    public ImmutableArray<DataField> Inputs { get; }

    /// <inheritdoc/>
    public ImmutableArray<DataField> Targets { get; }

    /// <inheritdoc/>
    public ImmutableArray<int> Lengths { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <inheritdoc/>
    public string Fingerprint => fingerprint.Value;

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices) => Read(indices, null);

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices, Batch? spent)
    {
        Rows.Check(this, indices, "sentence");
        int[] chosen = indices.ToArray();
        var shape = new Shape(chosen.Length, chosen.Length == 0 ? 0 : chosen.Max(i => Lengths[i]));
        Tensor[] inputs =
            spent is { Inputs: [{ } first, ..] } && first.Shape == shape
                ? [.. spent.Inputs]
                : [.. Inputs.Select(_ => Tensor.Zeros(ElementType.Int64, shape))];
        Span<long> ids = inputs[0].Span<long>(),
            mask = inputs[1].Span<long>();
        ids.Fill(padding);
        mask.Clear();
        for (int i = 0; i < chosen.Length; i++)
        {
            int[] sentence = sentences[chosen[i]];
            for (int p = 0; p < sentence.Length; p++)
                ids[i * shape[1] + p] = sentence[p];
            mask.Slice(i * shape[1], sentence.Length).Fill(1);
        }
        return new Batch(
            chosen.Length,
            [.. inputs],
            [.. targets.Select((t, i) => Rows.Take(t, chosen, spent?.Targets.ElementAtOrDefault(i)))]
        );
    }

    /// <inheritdoc/>
    public IDataSource Take(ReadOnlySpan<int> indices) => Taken(indices.ToArray());

    /// <summary>
    /// As for every source; pairs stay whole, so that the second part may get one sentence fewer than was asked for.
    /// </summary>
    /// <param name="holdOut">How many sentences the second part gets.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="DataException"><paramref name="holdOut"/> is not in 0..Count.</exception>
    public (IDataSource Train, IDataSource HeldOut) Split(int holdOut, ulong seed)
    {
        if (holdOut < 0 || holdOut > Count)
            throw new DataException($"cannot hold out {holdOut} of the {Count} sentences of data set '{Name}'");
        bool[] held = Targets is [{ Classes: { } classes }]
            ? StratifiedSplit.Choose(Integers.Of(targets[0]), classes, holdOut, seed)
            : ChooseGroups(holdOut, seed);
        int[] Where(bool wanted) => [.. Enumerable.Range(0, Count).Where(i => held[i] == wanted)];
        return (Taken(Where(false)), Taken(Where(true)));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {Count} sentences" + (Targets.IsEmpty ? "" : $" with {string.Join(", ", Targets)}");

    /// <summary>Draws groups of sentences, each alone or with the others of its pair, while they fit.</summary>
    private bool[] ChooseGroups(int count, ulong seed)
    {
        int pair = Array.FindIndex([.. Targets], t => t.Name == Embedding.PairTarget);
        int[][] groups =
        [
            .. Enumerable
                .Range(0, Count)
                .GroupBy(i => pair < 0 ? i : targets[pair].Array<long>()[i], (_, g) => g.ToArray()),
        ];
        Rng.For(seed, "split").Shuffle<int[]>(groups);
        var held = new bool[Count];
        foreach (int[] group in groups)
        {
            if (group.Length > count)
                break;
            count -= group.Length;
            foreach (int i in group)
                held[i] = true;
        }
        return held;
    }

    private TextSource Taken(int[] indices)
    {
        Rows.Check(this, indices, "sentence");
        return new TextSource(this, indices, [.. targets.Select(t => Rows.Take(t, indices))]);
    }

    private static (ImmutableArray<int[]>, string[]) Tokenized(
        IReadOnlyList<string> texts,
        TextTokenizer tokenizer,
        TextOptions options
    )
    {
        int most = options.MaxLength > 0 ? options.MaxLength : options.Limits.MaxLength ?? 0,
            truncated = 0;
        var sentences = ImmutableArray.CreateBuilder<int[]>(texts.Count);
        for (int i = 0; i < texts.Count; i++)
        {
            int[] ids = tokenizer.Encode(texts[i], most, out bool isTruncated);
            if (ids.Length == 0)
                throw new DataException($"sentence {i + 1} has no token: '{texts[i]}'; leave it out");
            sentences.Add(ids);
            truncated += isTruncated ? 1 : 0;
        }
        return (
            sentences.MoveToImmutable(),
            truncated == 0
                ? []
                : [$"{truncated} of {texts.Count} sentences have more than {most} tokens and are truncated"]
        );
    }

    private static ImmutableArray<DataField> FieldsOf(int padding) =>
        [
            FieldOf(TextLimits.IdsInput) with
            {
                Padding = padding,
            },
            FieldOf("attention_mask") with
            {
                IsMask = true,
            },
            FieldOf("token_type_ids"),
        ];

    private static DataField FieldOf(string name) => new(name, ElementType.Int64, new Shape(Shape.Unknown));

    private static DataField TargetOf(string source, string name, Tensor target, int? classes) =>
        name == Embedding.PairTarget
            ? new DataField(name, target.Type, new Shape(target.Shape.Dims.AsSpan()[1..]))
            : ArraySource.TargetOf(source, name, target, classes);

    private string Hash()
    {
        Tensor ids = Tensor.Vector(sentences.SelectMany(s => s).ToArray()),
            lengths = Tensor.Vector(Lengths.ToArray());
        return Rows.Hash([(Inputs[0], ids), (Inputs[1], lengths), .. Targets.Zip(targets)]);
    }
}
