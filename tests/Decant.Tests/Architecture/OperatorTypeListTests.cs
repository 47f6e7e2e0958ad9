using System.Text.RegularExpressions;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Architecture;

/// <summary>
/// What an operator is, it says itself: lists of operator types outside the operators and the catalogues repeat it and
/// go stale when an operator is added. Those that stay have a reason.
/// </summary>
public sealed class OperatorTypeListTests
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["Decant.Coding/Descriptions/OperatorTable.cs"] = "numbers of operator types in the container, of all of them",
        ["Decant.Formats/Onnx/Import/Folding/FoldRules.cs"] =
            "what operators do with extents that are symbols, which only the importer has",
        ["Decant.Formats/Onnx/Import/DynamicProducts.cs"] = "products of integers that dynamic quantization spells out",
        ["Decant.Formats/Onnx/Import/GraphAssembler.cs"] = "nodes of ONNX that are no operators yet",
        ["Decant.Formats/Onnx/Import/Microsoft/MicrosoftOperators.cs"] =
            "operators of ONNX Runtime's own domain, each as standard ones",
        ["Decant.Formats/Onnx/Import/SpelledOut.cs"] =
            "layers that older opsets of ONNX spell out in several operators",
        ["Decant.Formats/Onnx/IntegerProducts.cs"] = "layers that other runtimes compute in integers",
        ["Decant.Formats/Onnx/Import/Upgrades/OperatorUpgrades.cs"] = "what older opsets of ONNX said differently",
        ["Decant.Runtime/Planning/LayerCatalogue.cs"] = "the planners' catalogue: a line an operator",
        ["Decant.Runtime/Planning/Fusion.cs"] = "which stages can end in a clamp or in a quantization",
        ["Decant.Runtime/Planning/ImageNeeds.cs"] = "which stages can write into a part of a larger image",
        ["Decant.Techniques/ArchitectureLearning/Gate.cs"] =
            "the activations that the paper's tsReLU stands in for, and is made of",
        ["Decant.Techniques/Binarization/BinaryActivations.cs"] = "the layers that have kernels which count bits",
        ["Decant.Techniques/Equalization/ScaledValue.cs"] = "operators through whose weights channels can be scaled",
        ["Decant.Techniques/Quantization/Activations/QuantizedValues.cs"] = "what executors join to the layer before",
        ["Decant.Techniques/Quantization/Activations/IntegerFlow.cs"] =
            "the operators for which executors of quantized networks have integer kernels, or fused epilogues",
    };

    [Fact]
    public void OperatorTypesAreListedOnlyForAReason()
    {
        string[] found = [.. Sources().Where(s => HasList(s.Text)).Select(s => s.Path)];
        Assert.Equal(Reasons.Keys.Order(StringComparer.Ordinal), found);
    }

    [Theory]
    [InlineData("if (node.Operator is Conv or Gemm)")]
    [InlineData("node.Operator is not (Operators.Conv { Group: 1 }\n    or Operators.Gemm { TransA: false })")]
    [InlineData("[{ Operator: Conv conv or Gemm }]")]
    [InlineData("Add or AveragePool or GlobalAveragePool => true,")]
    [InlineData("new HashSet<string> { \"Conv\", \"Gemm\" }")]
    [InlineData("[\"Relu\"] = x => Math.Max(0, x),")]
    public void AListIsFound(string text) => Assert.True(HasList(text));

    [Theory]
    [InlineData("if (node.Operator is Conv)")]
    [InlineData("/// <summary>Conv or Gemm.</summary>")]
    [InlineData("node.Operator is LinearOperator and not ConvTranspose")]
    [InlineData("throw new ModelException(\"no Conv or Gemm\");")]
    [InlineData("w.Encoding is SparseEncoding or CodebookEncoding")]
    public void OtherTextIsNone(string text) => Assert.False(HasList(text));

    private static bool HasList(string text)
    {
        string types = $"(?:{string.Join('|', OperatorCatalogue.Types.OrderByDescending(t => t.Length))})";
        string code = Regex.Replace(text, @"^\s*//.*$", "", RegexOptions.Multiline);
        string words = Regex.Replace(code, "\"(?:[^\"\\\\\n]|\\\\.)*\"", "\"\"");
        return Regex.IsMatch(words, $@"\b{types}\b(?:\s*\{{[^{{}}]*\}})?(?:\s+[a-z]\w*)??\s+or\s+(?:\w+\.)*{types}\b")
            || Regex.IsMatch(code, $@"""{types}"",\s*""{types}""")
            || Regex.IsMatch(code, $@"\[""{types}""\]\s*=");
    }

    /// <summary>The source outside the operators, their kernels and the three catalogues, by path, in order.</summary>
    private static IEnumerable<(string Path, string Text)> Sources()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Decant.slnx")))
            folder = folder.Parent;
        string source = Path.Combine(folder!.FullName, "src");
        return Directory
            .EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(source, file).Replace('\\', '/'))
            .Where(path => !Regex.IsMatch(path, "/(obj|bin|Operators)/|/KernelCatalogue.cs$"))
            .Order(StringComparer.Ordinal)
            .Select(path => (path, File.ReadAllText(Path.Combine(source, path))));
    }
}
