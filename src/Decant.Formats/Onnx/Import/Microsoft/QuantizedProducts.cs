using Decant.Core;

namespace Decant.Formats.Onnx.Import.Microsoft;

/// <summary>
/// Matrix products of quantized tensors: the weight is a quantized weight, the product one of floats.
/// </summary>
internal static class QuantizedProducts
{
    /// <summary>
    /// Inputs A, its scale and zero point, B, its scale and zero point, C in steps of alpha times both scales, and the
    /// scale and zero point of the result, which is of floats without them.
    /// </summary>
    public static void QGemm(Lowering l)
    {
        Attributes attributes = l.Node.Attributes;
        string c = l.Has(6) ? Bias(l, attributes.Float("alpha", 1)) : "",
            y = l.Make(
                "Gemm",
                attributes,
                l.Dequantized(0, 1, 2),
                l.Dequantized(3, 4, 5, attributes.Flag("transB") ? 0 : 1),
                c
            );
        l.Finish(l.Has(7) ? l.Quantized(y, 7, 8, like: 0) : y);
    }

    /// <summary>
    /// Inputs A of floats, quantized when it runs; B, its scale and zero point, and a bias of floats.
    /// </summary>
    public static void DynamicQuantizeMatMul(Lowering l)
    {
        var quantized = l.Make("DynamicQuantizeLinear", Attributes.None, 3, [l.Node.Input(0)]);
        string a = l.Make("DequantizeLinear", quantized[0], quantized[1], quantized[2]);
        Biased(l, l.Make("MatMul", a, l.Dequantized(1, 2, 3, axis: -1)), 4);
    }

    /// <summary>Inputs A, B, their scales, their zero points, and a bias of floats.</summary>
    public static void MatMulIntegerToFloat(Lowering l) =>
        Biased(l, l.Make("MatMul", l.Dequantized(0, 2, 4, axis: -2), l.Dequantized(1, 3, 5, axis: -1)), 6);

    private static void Biased(Lowering l, string product, int bias) =>
        l.Finish(l.Has(bias) ? l.Make("Add", product, l.Node.Input(bias)) : product);

    private static string Bias(Lowering l, float alpha)
    {
        if (
            l.Constant(1) is not { Type: ElementType.Float32, Count: 1 } a
            || l.Constant(4) is not { Type: ElementType.Float32 } b
        )
            throw new ModelException("its scales of A and B are not constant floats");
        float factor = alpha * a.Array<float>()[0];
        float[] scales = Array.ConvertAll(b.Array<float>(), s => factor * s);
        return l.Make(
            "DequantizeLinear",
            new Attributes(("axis", -1L)),
            l.Node.Input(6),
            l.Weight("scale", scales.Length == 1 ? Tensor.Scalar(scales[0]) : Tensor.Vector(scales))
        );
    }
}
