using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// A description that every reader and writer learns before it codes one, so that usual operators, attributes and names
/// cost little.
/// It belongs to version 1 of the container: any change to it makes a new version.
/// </summary>
internal static class TypicalDescription
{
    private static readonly Lazy<EventModel> Model = new(Learn);

    /// <summary>A model that has learnt it, good for so many numbers.</summary>
    public static EventModel Learnt(long budget) => new(Model.Value, budget);

    private static EventModel Learn()
    {
        var events = new EventModel();
        for (int pass = 0; pass < 2; pass++)
            new DescriptionModel<NoCoder>(new DescriptionCoder<NoCoder>(default, events)).Code(Make());
        return events;
    }

    private static Description Make()
    {
        var draft = new Draft();
        draft
            .Layer("Conv", "conv1", 64, [3, 3], Window(3, 1, 1))
            .Then("Relu", "conv1.relu")
            .Then("MaxPool", "conv1.pool", Pool(2, 2));
        draft
            .Layer("Conv", "conv2", 128, [5, 5], Window(5, 0, 1))
            .Then("Relu", "conv2.relu")
            .Then("MaxPool", "pool2", Pool(3, 2));
        string shortcut = draft.Last;
        draft.Layer("Conv", "layer1.0.conv1", 16, [1, 1], Window(1, 0, 1)).Then("Relu", "layer1.0.relu");
        draft.Layer("Conv", "layer1.0.conv2", 64, [3, 3], Window(3, 1, 2)).Then("Relu", "layer1.0.conv2.relu");
        draft.Join("Add", "layer1.0.add", shortcut).Then("Relu", "layer1.0.out");
        shortcut = draft.Last;
        draft.Layer("Conv", "features.3.conv1x1", 64, [1, 1], Window(1, 0, 1)).Then("Relu", "features.3.conv1x1.relu");
        draft
            .Join("Concat", "features.3.concat", shortcut, ("axis", 1L))
            .Then("GlobalAveragePool", "avgpool")
            .Then("Flatten", "flat", ("axis", 1L));
        draft.Layer("Gemm", "fc1", 512, [], ("transB", 1L)).Then("Relu", "fc1.relu");
        draft.Layer("Gemm", "fc2", 256, [], ("transB", 1L)).Then("Relu", "fc2.relu");
        draft.Layer("Gemm", "fc3", 10, [], ("transB", 1L), "logits");
        return draft.Finish();
    }

    private static (string, object)[] Window(long kernel, long pad, long stride) =>
        [
            ("kernel_shape", Twice(kernel)),
            ("pads", ImmutableArray.Create(pad, pad, pad, pad)),
            ("strides", Twice(stride)),
        ];

    private static (string, object)[] Pool(long kernel, long stride) =>
        [("kernel_shape", Twice(kernel)), ("strides", Twice(stride))];

    private static ImmutableArray<long> Twice(long value) => [value, value];

    private sealed class Draft
    {
        private const string Input = "input";

        private readonly List<Node> nodes = [];
        private readonly List<(string, WeightCodec)> weights = [];
        private int channels = 1;

        public string Last { get; private set; } = Input;

        public Draft Layer(string type, string name, int outputs, int[] kernel, params (string, object)[] attributes) =>
            Layer(type, name, outputs, kernel, attributes, name);

        public Draft Layer(
            string type,
            string name,
            int outputs,
            int[] kernel,
            (string, object) attribute,
            string made
        ) => Layer(type, name, outputs, kernel, [attribute], made);

        public Draft Then(string type, string name, params (string, object)[] attributes) =>
            Add(type, name, [Last], attributes);

        public Draft Join(string type, string name, string other, params (string, object)[] attributes) =>
            Add(type, name, [Last, other], attributes);

        public Description Finish() =>
            new(
                "",
                [new ValueInfo(Input, new TensorType(ElementType.Float32, new Shape(-1, 1, 28, 28)))],
                [new ValueInfo(Last, new TensorType(ElementType.Float32, new Shape(-1, 10)))],
                [.. nodes],
                [.. weights],
                Description.Empty.Metadata
            );

        private Draft Layer(
            string type,
            string name,
            int outputs,
            int[] kernel,
            (string, object)[] attributes,
            string made
        )
        {
            weights.Add(
                (
                    $"{name}.weight",
                    new WeightCodec(
                        WeightKind.CodebookZeroApart,
                        ElementType.Float32,
                        new Shape([outputs, channels, .. kernel])
                    )
                )
            );
            weights.Add(($"{name}.bias", new WeightCodec(WeightKind.Dense, ElementType.Float32, new Shape(outputs))));
            channels = outputs;
            return Add(type, made, [Last, $"{name}.weight", $"{name}.bias"], attributes);
        }

        private Draft Add(string type, string name, ImmutableArray<string> inputs, (string, object)[] attributes)
        {
            nodes.Add(new Node(name, OperatorCatalogue.Create(type, new Attributes(attributes)), inputs, [name]));
            Last = name;
            return this;
        }
    }
}
