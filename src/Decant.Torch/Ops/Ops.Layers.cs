namespace Decant.Torch;

public static partial class Ops
{
    private static readonly TorchOp Conv2dOp = new("aten::conv2d");

    /// <summary>
    /// 2-D convolution of [batch, in, height, width] with weight [out, in/groups, kh, kw]; stride, padding and dilation
    /// are [height, width]. For asymmetric padding use <see cref="ConstantPad"/> before it.
    /// </summary>
    public static TorchTensor Conv2d(
        this TorchTensor x,
        TorchTensor weight,
        TorchTensor? bias,
        long[] stride,
        long[] padding,
        long[] dilation,
        long groups = 1
    ) => Conv2dOp.Call(x, weight, bias, stride, padding, dilation, groups);

    private static readonly TorchOp Conv1dOp = new("aten::conv1d");

    /// <summary>1-D convolution of [batch, in, length] with weight [out, in/groups, k].</summary>
    public static TorchTensor Conv1d(
        this TorchTensor x,
        TorchTensor weight,
        TorchTensor? bias,
        long stride = 1,
        long padding = 0,
        long dilation = 1,
        long groups = 1
    ) => Conv1dOp.Call(x, weight, bias, stride, padding, dilation, groups);

    private static readonly TorchOp ConvTranspose2dOp = new("aten::conv_transpose2d.input");

    /// <summary>2-D transposed convolution; weight is [in, out/groups, kh, kw].</summary>
    public static TorchTensor ConvTranspose2d(
        this TorchTensor x,
        TorchTensor weight,
        TorchTensor? bias,
        long[] stride,
        long[] padding,
        long[] outputPadding,
        long groups,
        long[] dilation
    ) => ConvTranspose2dOp.Call(x, weight, bias, stride, padding, outputPadding, groups, dilation);

    private static readonly TorchOp MaxPool2dOp = new("aten::max_pool2d");

    /// <summary>Largest value of each window; padding counts as −∞.</summary>
    public static TorchTensor MaxPool2d(
        this TorchTensor x,
        long[] kernel,
        long[] stride,
        long[] padding,
        long[] dilation,
        bool ceilMode = false
    ) => MaxPool2dOp.Call(x, kernel, stride, padding, dilation, ceilMode);

    private static readonly TorchOp AvgPool2dOp = new("aten::avg_pool2d");

    /// <summary>Mean of each window; padding counts as zeros if countIncludePad, else not at all.</summary>
    public static TorchTensor AvgPool2d(
        this TorchTensor x,
        long[] kernel,
        long[] stride,
        long[] padding,
        bool ceilMode = false,
        bool countIncludePad = true
    ) => AvgPool2dOp.Call(x, kernel, stride, padding, ceilMode, countIncludePad);

    private static readonly TorchOp AdaptiveAvgPool2dOp = new("aten::adaptive_avg_pool2d");

    /// <summary>Mean over windows that divide each plane into [height, width] parts.</summary>
    public static TorchTensor AdaptiveAvgPool2d(this TorchTensor x, long[] outputSize) =>
        AdaptiveAvgPool2dOp.Call(x, outputSize);

    private static readonly TorchOp BatchNormOp = new("aten::batch_norm");

    /// <summary>
    /// (x − mean)/√(variance + epsilon)·weight + bias for each channel (dimension 1). In training the batch's own
    /// biased statistics are used, and the running ones move towards them (the unbiased variance) by momentum.
    /// </summary>
    public static TorchTensor BatchNorm(
        this TorchTensor x,
        TorchTensor? weight,
        TorchTensor? bias,
        TorchTensor? runningMean,
        TorchTensor? runningVariance,
        bool training,
        double momentum = 0.1,
        double epsilon = 1e-5
    ) => BatchNormOp.Call(x, weight, bias, runningMean, runningVariance, training, momentum, epsilon, false);

    private static readonly TorchOp LayerNormOp = new("aten::layer_norm");

    /// <summary>Normalization over the last dimensions, whose sizes are given.</summary>
    public static TorchTensor LayerNorm(
        this TorchTensor x,
        long[] sizes,
        TorchTensor? weight,
        TorchTensor? bias,
        double epsilon = 1e-5
    ) => LayerNormOp.Call(x, sizes, weight, bias, epsilon);

    private static readonly TorchOp DropoutOp = new("aten::dropout", draws: true);

    /// <summary>
    /// In training, zeroes each element with the given probability and divides the rest by 1 − probability; else the
    /// identity.
    /// </summary>
    public static TorchTensor Dropout(this TorchTensor x, double probability, bool training) =>
        DropoutOp.Call(x, probability, training);

    private static readonly TorchOp SoftmaxOp = new("aten::softmax.int");

    /// <summary>eˣ over its sum along a dimension.</summary>
    public static TorchTensor Softmax(this TorchTensor x, int dimension) => SoftmaxOp.Call(x, dimension);

    private static readonly TorchOp LogSoftmaxOp = new("aten::log_softmax.int");

    /// <summary>The logarithm of the softmax along a dimension.</summary>
    public static TorchTensor LogSoftmax(this TorchTensor x, int dimension) => LogSoftmaxOp.Call(x, dimension);

    private static readonly TorchOp CrossEntropyOp = new("aten::cross_entropy_loss");

    /// <summary>
    /// Cross entropy of logits [batch, classes] with labels (Int64 [batch]) or probabilities (as the logits): the
    /// batch's mean, or its sum, with label smoothing.
    /// </summary>
    public static TorchTensor CrossEntropy(
        this TorchTensor logits,
        TorchTensor target,
        double labelSmoothing = 0,
        bool sum = false
    ) => CrossEntropyOp.Call(logits, target, TorchValue.None, sum ? 2 : 1, -100, labelSmoothing);

    private static readonly TorchOp NllLossOp = new("aten::nll_loss");

    /// <summary>Mean of −logProbability[label].</summary>
    public static TorchTensor NllLoss(this TorchTensor logProbabilities, TorchTensor labels) =>
        NllLossOp.Call(logProbabilities, labels);

    private static readonly TorchOp BinaryCrossEntropyOp = new("aten::binary_cross_entropy");

    /// <summary>
    /// Mean of −t·log p − (1 − t)·log(1 − p) of probabilities p with targets t of their shape.
    /// </summary>
    public static TorchTensor BinaryCrossEntropy(this TorchTensor probabilities, TorchTensor target) =>
        BinaryCrossEntropyOp.Call(probabilities, target, TorchValue.None, 1);

    private static readonly TorchOp BinaryCrossEntropyOfLogitsOp = new("aten::binary_cross_entropy_with_logits");

    /// <summary>The binary cross entropy of σ(logits) with targets of their shape.</summary>
    public static TorchTensor BinaryCrossEntropyOfLogits(this TorchTensor logits, TorchTensor target) =>
        BinaryCrossEntropyOfLogitsOp.Call(logits, target, TorchValue.None, TorchValue.None, 1);

    private static readonly TorchOp MseLossOp = new("aten::mse_loss");

    /// <summary>Mean of (a − b)².</summary>
    public static TorchTensor MseLoss(this TorchTensor a, TorchTensor b) => MseLossOp.Call(a, b);
}
