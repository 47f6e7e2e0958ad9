using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Formats.Onnx.Export;
using Decant.Formats.Onnx.Wire;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Writes ONNX files of any operator and opset, well formed or not.</summary>
internal sealed class OnnxModelBuilder(int opset = 21)
{
    private readonly WireWriter graph = new();
    private readonly WireWriter model = new WireWriter().Int64(1, 8);
    private readonly HashSet<string> domains = [];

    public OnnxModelBuilder Node(
        string type,
        string inputs,
        string outputs,
        params (string Name, object Value)[] attributes
    ) => Named($"n_{outputs.Split(' ')[0]}", type, inputs, outputs, attributes);

    public OnnxModelBuilder Named(
        string name,
        string type,
        string inputs,
        string outputs,
        params (string Name, object Value)[] attributes
    )
    {
        graph.Message(1, Written(type, inputs, outputs, attributes).Text(3, name));
        return this;
    }

    /// <summary>A node of an operator of another domain, which the model imports.</summary>
    public OnnxModelBuilder Of(
        string domain,
        string type,
        string inputs,
        string outputs,
        params (string Name, object Value)[] attributes
    )
    {
        if (domains.Add(domain))
            ModelField(8, new WireWriter().Text(1, domain).Int64(2, 1));
        graph.Message(1, Written(type, inputs, outputs, attributes).Text(7, domain));
        return this;
    }

    /// <summary>A function of the model, whose nodes are those of another builder.</summary>
    /// <param name="domain">Its domain, which the model imports.</param>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="outputs">What it makes.</param>
    /// <param name="body">Its nodes, by the field that they have in a function.</param>
    /// <param name="opset">The version of the standard operators in it.</param>
    public OnnxModelBuilder Function(
        string domain,
        string name,
        string inputs,
        string outputs,
        Action<OnnxFunctionBuilder> body,
        int opset = 21
    )
    {
        if (domains.Add(domain))
            ModelField(8, new WireWriter().Text(1, domain).Int64(2, 1));
        var function = new OnnxFunctionBuilder(domain, name, inputs, outputs, opset);
        body(function);
        return ModelField(25, function.Written);
    }

    internal static WireWriter Written(
        string type,
        string inputs,
        string outputs,
        params (string Name, object Value)[] attributes
    )
    {
        WireWriter node = Names(inputs, outputs).Text(4, type);
        foreach (var (attribute, value) in attributes)
            node.Message(
                5,
                value is OnnxModelBuilder inner
                    ? new WireWriter().Text(1, attribute).Message(6, inner.graph.Text(2, attribute)).Int64(20, 5)
                    : AttributeWriter.Write(attribute, value)
            );
        return node;
    }

    /// <summary>A node, to which a field is added as it is.</summary>
    public OnnxModelBuilder Odd(string type, string inputs, string outputs, Action<WireWriter> add)
    {
        WireWriter node = Names(inputs, outputs).Text(4, type);
        add(node);
        graph.Message(1, node);
        return this;
    }

    public OnnxModelBuilder Input(string name, params object[] dims) => Value(11, name, ElementType.Float32, dims);

    public OnnxModelBuilder Input(string name, ElementType type, params object[] dims) => Value(11, name, type, dims);

    public OnnxModelBuilder Output(string name, params object[] dims) => Value(12, name, ElementType.Float32, dims);

    public OnnxModelBuilder Output(string name, ElementType type, params object[] dims) => Value(12, name, type, dims);

    public OnnxModelBuilder Weight(string name, Tensor values)
    {
        graph.Message(5, TensorWriter.Head(name, values.Type, values.Shape).Raw(values));
        return this;
    }

    public OnnxModelBuilder Ints(string name, params long[] values) => Weight(name, Tensor.Vector(values));

    /// <summary>
    /// Rows of a table up to the extent of axis 1 of an input, read when the network runs: embeddings of positions as
    /// exporters of transformers write them.
    /// </summary>
    public OnnxModelBuilder Positions(string input, string table, int rows, string output) =>
        Weight("index", Tensor.Scalar(1L))
            .Weight("none", Tensor.Scalar(0L))
            .Ints("axis", 0)
            .Ints("numbers", [.. Enumerable.Range(0, rows).Select(i => (long)i)])
            .Node("Shape", input, "shape")
            .Node("Gather", "shape index", "length")
            .Node("Add", "length none", "end")
            .Node("Unsqueeze", "end axis", "ends")
            .Node("Slice", "numbers axis ends axis", "used")
            .Node("Gather", $"{table} used", output);

    public OnnxModelBuilder GraphField(int field, WireWriter message)
    {
        graph.Message(field, message);
        return this;
    }

    public OnnxModelBuilder ModelField(int field, WireWriter message)
    {
        model.Message(field, message);
        return this;
    }

    public OnnxModelBuilder ModelText(int field, string text)
    {
        model.Text(field, text);
        return this;
    }

    public byte[] Build() =>
        new WireWriter().Message(7, graph.Text(2, "g")).Message(8, new WireWriter().Int64(2, opset)).Written.ToArray()
            is var body
            ? [.. model.Written.Span, .. body]
            : [];

    public Network Read(string? folder = null, OnnxReadOptions? options = null) =>
        OnnxReader.Read(new MemoryStream(Build()), folder, options);

    private static WireWriter Names(string inputs, string outputs)
    {
        var node = new WireWriter();
        foreach (string input in inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            node.Text(1, input == "-" ? "" : input);
        foreach (string output in outputs.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            node.Text(2, output == "-" ? "" : output);
        return node;
    }

    private OnnxModelBuilder Value(int field, string name, ElementType type, object[] dims)
    {
        var shape = new WireWriter();
        foreach (object d in dims)
            shape.Message(1, d is int n ? new WireWriter().Int64(1, n) : new WireWriter().Text(2, (string)d));
        WireWriter tensor = new WireWriter().Int64(1, (long)type).Message(2, shape);
        graph.Message(field, new WireWriter().Text(1, name).Message(2, new WireWriter().Message(1, tensor)));
        return this;
    }
}

/// <summary>Writes a function of a model.</summary>
internal sealed class OnnxFunctionBuilder
{
    public OnnxFunctionBuilder(string domain, string name, string inputs, string outputs, int opset)
    {
        Written.Text(1, name).Text(10, domain);
        foreach (string input in inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Written.Text(4, input);
        foreach (string output in outputs.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Written.Text(5, output);
        Written.Message(9, new WireWriter().Text(1, "").Int64(2, opset));
        Written.Message(9, new WireWriter().Text(1, domain).Int64(2, 1));
    }

    public WireWriter Written { get; } = new();

    public OnnxFunctionBuilder Node(
        string type,
        string inputs,
        string outputs,
        params (string Name, object Value)[] attributes
    )
    {
        Written.Message(7, OnnxModelBuilder.Written(type, inputs, outputs, attributes));
        return this;
    }

    /// <summary>A node of another domain.</summary>
    public OnnxFunctionBuilder Of(string domain, string type, string inputs, string outputs)
    {
        Written.Message(7, OnnxModelBuilder.Written(type, inputs, outputs).Text(7, domain));
        return this;
    }

    /// <summary>A node of which an attribute, a float, is one of the function.</summary>
    public OnnxFunctionBuilder Refers(string type, string inputs, string outputs, string attribute, string of)
    {
        WireWriter reference = new WireWriter().Text(1, attribute).Text(21, of).Int64(20, 1);
        Written.Message(7, OnnxModelBuilder.Written(type, inputs, outputs).Message(5, reference));
        return this;
    }

    /// <summary>An attribute, with its default if it has one.</summary>
    public OnnxFunctionBuilder Attribute(string name, float? otherwise = null)
    {
        if (otherwise is { } value)
            Written.Message(11, AttributeWriter.Write(name, value));
        else
            Written.Text(6, name);
        return this;
    }
}
