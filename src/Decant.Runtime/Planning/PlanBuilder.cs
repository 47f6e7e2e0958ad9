using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning;

/// <summary>
/// A plan in the making. A value lives contiguously in ONNX's order, as images with channels last, or as a tensor for
/// kernels that know no other; asking for it in another way adds a stage that copies it.
/// </summary>
internal sealed class PlanBuilder
{
    private readonly Dictionary<string, PlanBuffer> plain = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImageView> images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ByteImage> bytes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> signs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Node> views = new(StringComparer.Ordinal);
    private readonly List<Stage> stages = [];
    private readonly Dictionary<string, string> flattened = new(StringComparer.Ordinal);
    private readonly ImageNeeds needs;

    private readonly KernelSelector kernels;

    private readonly CancellationToken cancellation;

    public PlanBuilder(
        KnownValues known,
        IReadOnlyList<Operation> operations,
        GivenKernels given,
        InferenceModel model,
        CancellationToken cancellation
    )
    {
        this.cancellation = cancellation;
        (Known, Options, Given, Weights, kernels) = (known, model.Plans, given, model.Weights, model.Kernels);
        needs = new ImageNeeds(known, operations, given, model.Outputs.Select(o => o.Name));
    }

    /// <summary>What is known of values.</summary>
    public KnownValues Known { get; }

    /// <summary>What the plan is made for.</summary>
    public PlanOptions Options { get; }

    /// <summary>The kernels that the model was given.</summary>
    public GivenKernels Given { get; }

    /// <summary>The model's packed weights.</summary>
    public PackedWeights Weights { get; }

    /// <summary>The stages so far.</summary>
    public IReadOnlyList<Stage> Stages => stages;

    /// <summary>The tensors that kernels read and make; constants and inputs are filled, the rest is null.</summary>
    public List<Tensor?> Slots { get; } = [];

    /// <summary>Adds the stage of a layer in one of the kernels that fit, the one that rules prefer first.</summary>
    public void Add(Node node, params ReadOnlySpan<Func<Stage>> fitting) =>
        Add(
            kernels.Pick(
                $"{node.Name} {string.Join(' ', node.Inputs.Concat(node.Outputs).Select(v => $"{Known.Type(v)}"))}",
                Options.Measure,
                cancellation,
                fitting
            )
        );

    /// <summary>Adds a stage.</summary>
    public void Add(Stage stage) => stages.Add(stage);

    /// <summary>Whether a value is held as images, of floats or of bytes that stand for them.</summary>
    public bool IsImage(string value) => images.ContainsKey(value) || bytes.ContainsKey(value);

    /// <summary>Whether a value is held contiguously in ONNX's order.</summary>
    public bool IsPlain(string value) => plain.ContainsKey(value);

    /// <summary>Whether a value is held in floats, in one order or the other.</summary>
    public bool HasFloats(string value) => IsImage(value) || plain.ContainsKey(value) || flattened.ContainsKey(value);

    /// <summary>
    /// A value as images, with the border that its readers need; null if it is not three- or four-dimensional floats of
    /// known shape.
    /// </summary>
    public ImageView? Image(string value)
    {
        if (images.TryGetValue(value, out ImageView? view))
            return view;
        if (Known.FloatShape(value) is not { Rank: 3 or 4 } shape || Known.IsConstant(value))
            return null;
        if (bytes.TryGetValue(value, out ByteImage? codes))
        {
            view = MakeImage(value);
            Add(new ByteConversion(view, codes, toBytes: false) { Name = value, Kernel = "to floats" });
            return images[value] = view;
        }
        PlanBuffer from = Plain(value)!;
        var layout = LayoutOf(value, shape);
        if (layout.Border.IsNone && (layout.Channels == 1 || layout.Height * layout.Width == 1))
            return images[value] = new ImageView(from, layout);
        view = new ImageView(new PlanBuffer(layout.Count, Frame.OfFloats(layout)), layout);
        Add(new LayoutCopy(from, view, toImages: true) { Name = value, Kernel = "to channels last" });
        return images[value] = view;
    }

    /// <summary>A value as floats in ONNX's order; null if it is not floats of known shape.</summary>
    public PlanBuffer? Plain(string value)
    {
        if (plain.TryGetValue(value, out PlanBuffer? buffer))
            return buffer;
        if (Known.FloatShape(value) is not { } shape)
            return null;
        if (flattened.TryGetValue(value, out string? source))
            return plain[value] = Plain(source)!;
        if (
            (
                images.TryGetValue(value, out ImageView? view) ? view
                : bytes.ContainsKey(value) ? Image(value)
                : null
            ) is
            { } image
        )
        {
            view = image;
            if (view.IsDense && (view.Channels == 1 || view.Height * view.Width == 1))
                return plain[value] = view.Buffer;
            buffer = new PlanBuffer(shape.Count, null);
            Add(new LayoutCopy(buffer, view, toImages: false) { Name = value, Kernel = "to channels first" });
            return plain[value] = buffer;
        }
        buffer = new PlanBuffer(shape.Count, null);
        if (slots.TryGetValue(value, out int slot))
            Add(new TensorToFloats(slot, buffer) { Name = value, Kernel = "from tensor" });
        else if (Known.IsConstant(value))
            Add(new TensorToFloats(Slot(value), buffer) { Name = value, Kernel = "from tensor" });
        return plain[value] = buffer;
    }

    /// <summary>A new contiguous value in ONNX's order.</summary>
    public PlanBuffer NewPlain(string value) =>
        plain[value] = new PlanBuffer(Known.FloatShape(value)!.Value.Count, null);

    /// <summary>A new value as images; part of a joined value where its only reader joins it to others.</summary>
    public ImageView NewImage(string value)
    {
        if (needs.Joined(value) is not { } part)
            return images[value] = MakeImage(value);
        if (!images.TryGetValue(part.Whole, out ImageView? whole))
            images[part.Whole] = whole = MakeImage(part.Whole);
        return images[value] = whole with { Channel = part.Channel, Channels = Known.FloatShape(value)!.Value[1] };
    }

    /// <summary>
    /// A value, or the bytes it is quantized to, as images of bytes; null if they are held otherwise.
    /// </summary>
    public ByteImage? Bytes(string value) => bytes.GetValueOrDefault(value);

    /// <summary>A new value, or the bytes it is quantized to, as images of bytes.</summary>
    public ByteImage NewBytes(string value, ByteRange range)
    {
        var shape = Known.Type(value)!.Shape!.Value;
        return bytes[value] = new ByteImage(LayoutOf(value, shape), range);
    }

    /// <summary>Tells that a value is the same images of bytes as another.</summary>
    public void SameBytes(string value, ByteImage images) => bytes[value] = images;

    /// <summary>Tells that a value is the signs of another, which its readers take themselves.</summary>
    public void TakeSigns(string value, string source) => signs[value] = source;

    /// <summary>The value whose signs a value is; null if it is held otherwise.</summary>
    public string? Signs(string value) => signs.GetValueOrDefault(value);

    /// <summary>The operations that read a value.</summary>
    public IEnumerable<Operation> Readers(string value) => needs.Readers(value);

    /// <summary>The node that makes a value, if it is an operation of its own.</summary>
    public Node? Maker(string value) => needs.Maker(value);

    /// <summary>Whether a value is an output of the network.</summary>
    public bool IsOutput(string value) => needs.IsOutput(value);

    /// <summary>Whether bytes are read by nothing but what takes them for floats again.</summary>
    public bool StandForFloats(string value) => needs.StandForFloats(value);

    /// <summary>Gives a value another name and shape without copying it.</summary>
    public void Alias(string value, PlanBuffer buffer) => plain[value] = buffer;

    /// <summary>Tells that a value is another's images in a row, which a product may read as they are.</summary>
    public void Flatten(string value, string source) => flattened[value] = source;

    /// <summary>The images that a value is, in a row without anything between, if that is all it is.</summary>
    public ImageView? Flattened(string value) =>
        !plain.ContainsKey(value)
        && flattened.TryGetValue(value, out string? source)
        && images.TryGetValue(source, out ImageView? view)
        && view.IsDense
            ? view
            : null;

    /// <summary>
    /// Tells that a node only gives a tensor another shape. Its kernel runs if a reader needs the shape.
    /// </summary>
    public void View(Node node) => views[node.Outputs[0]] = node;

    /// <summary>The slot of a tensor with a value's elements in order, of whichever shape.</summary>
    public int SlotOfElements(string value)
    {
        while (views.TryGetValue(value, out Node? view))
            value = view.Inputs[0];
        return Slot(value);
    }

    /// <summary>The slot where kernels find a value; -1 for one left out.</summary>
    public int Slot(string value)
    {
        if (value.Length == 0)
            return -1;
        if (views.Remove(value, out Node? node))
            Layers.KernelLayers.Add(node, this);
        if (slots.TryGetValue(value, out int slot))
            return slot;
        slot = NewSlot(value);
        if (Known.IsConstant(value))
            Slots[slot] = Known.Constant(value);
        else if (HasFloats(value))
            Add(
                new FloatsToTensor(Plain(value)!, slot, Known.FloatShape(value)!.Value)
                {
                    Name = value,
                    Kernel = "to tensor",
                }
            );
        return slot;
    }

    /// <summary>A slot that a kernel fills; -1 for an output that nobody reads.</summary>
    public int NewSlot(string value)
    {
        if (value.Length == 0)
            return -1;
        slots[value] = Slots.Count;
        Slots.Add(null);
        return slots[value];
    }

    private ImageView MakeImage(string value)
    {
        var layout = LayoutOf(value, Known.FloatShape(value)!.Value);
        return new ImageView(new PlanBuffer(layout.Count, Frame.OfFloats(layout)), layout);
    }

    /// <summary>Three-dimensional values are images of one row. A border may be far larger than the image.</summary>
    private ImageLayout LayoutOf(string value, Shape shape)
    {
        Border border = needs.Border(value);
        var layout =
            shape.Rank == 3
                ? new ImageLayout(shape[0], 1, shape[2], shape[1], border)
                : new ImageLayout(shape[0], shape[2], shape[3], shape[1], border);
        if (layout.Count > Math.Min(Options.MaxValueBytes / sizeof(float), int.MaxValue))
            throw new ModelException(
                $"'{value}' with the padding around it takes more than the {Options.MaxValueBytes:N0} "
                    + "bytes that this session may use: feed a smaller batch, or raise the limit"
            );
        return layout;
    }
}
