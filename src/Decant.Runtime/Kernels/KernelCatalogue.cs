using System.Collections.Frozen;

namespace Decant.Runtime.Kernels;

/// <summary>Every kernel there is: one line each.</summary>
internal static class KernelCatalogue
{
    private static readonly FrozenDictionary<string, Kernel> Kernels = new Dictionary<string, Kernel>(
        StringComparer.Ordinal
    )
    {
        ["Abs"] = One<Operators.Abs>(Abs.Run),
        ["Add"] = One<Operators.Add>(Add.Run),
        ["And"] = One<Operators.And>(And.Run),
        ["ArgMax"] = One<Operators.ArgMax>(ArgMax.Run),
        ["ArgMin"] = One<Operators.ArgMin>(ArgMin.Run),
        ["AveragePool"] = HalfPrecision.Widened(One<Operators.AveragePool>(AveragePool.Run)),
        ["BatchNormalization"] = HalfPrecision.Widened(Many<Operators.BatchNormalization>(BatchNormalization.Run)),
        ["Cast"] = One<Operators.Cast>(Cast.Run),
        ["CastLike"] = One<Operators.CastLike>(CastLike.Run),
        ["Ceil"] = HalfPrecision.Widened(One<Operators.Ceil>(Ceil.Run)),
        ["Celu"] = HalfPrecision.Widened(One<Operators.Celu>(Celu.Run)),
        ["Clip"] = One<Operators.Clip>(Clip.Run),
        ["Concat"] = One<Operators.Concat>(Concat.Run),
        ["ConstantOfShape"] = One<Operators.ConstantOfShape>(ConstantOfShape.Run),
        ["Conv"] = HalfPrecision.Widened(One<Operators.Conv>(Conv.Run)),
        ["ConvInteger"] = One<Operators.ConvInteger>(ConvInteger.Run),
        ["ConvTranspose"] = HalfPrecision.Widened(One<Operators.ConvTranspose>(ConvTranspose.Run)),
        ["Cos"] = HalfPrecision.Widened(One<Operators.Cos>(Cos.Run)),
        ["CumSum"] = One<Operators.CumSum>(CumSum.Run),
        ["DepthToSpace"] = One<Operators.DepthToSpace>(DepthToSpace.Run),
        ["DequantizeLinear"] = One<Operators.DequantizeLinear>(DequantizeLinear.Run),
        ["Div"] = One<Operators.Div>(Div.Run),
        ["Dropout"] = Many<Operators.Dropout>(Dropout.Run),
        ["DynamicQuantizeLinear"] = Many<Operators.DynamicQuantizeLinear>(DynamicQuantizeLinear.Run),
        ["Elu"] = HalfPrecision.Widened(One<Operators.Elu>(Elu.Run)),
        ["Equal"] = One<Operators.Equal>(Equal.Run),
        ["Erf"] = HalfPrecision.Widened(One<Operators.Erf>(Erf.Run)),
        ["Exp"] = HalfPrecision.Widened(One<Operators.Exp>(Exp.Run)),
        ["Expand"] = One<Operators.Expand>(Expand.Run),
        ["Flatten"] = One<Operators.Flatten>(Flatten.Run),
        ["Floor"] = HalfPrecision.Widened(One<Operators.Floor>(Floor.Run)),
        ["GRU"] = HalfPrecision.Widened(Many<Operators.GRU>(GRU.Run)),
        ["Gather"] = One<Operators.Gather>(Gather.Run),
        ["GatherElements"] = One<Operators.GatherElements>(GatherElements.Run),
        ["GatherND"] = One<Operators.GatherND>(GatherND.Run),
        ["Gelu"] = HalfPrecision.Widened(One<Operators.Gelu>(Gelu.Run)),
        ["Gemm"] = HalfPrecision.Widened(One<Operators.Gemm>(Gemm.Run)),
        ["GlobalAveragePool"] = HalfPrecision.Widened(One<Operators.GlobalAveragePool>(GlobalAveragePool.Run)),
        ["GlobalMaxPool"] = One<Operators.GlobalMaxPool>(GlobalMaxPool.Run),
        ["Greater"] = One<Operators.Greater>(Greater.Run),
        ["GreaterOrEqual"] = One<Operators.GreaterOrEqual>(GreaterOrEqual.Run),
        ["GroupNormalization"] = HalfPrecision.Widened(One<Operators.GroupNormalization>(GroupNormalization.Run)),
        ["HardSigmoid"] = HalfPrecision.Widened(One<Operators.HardSigmoid>(HardSigmoid.Run)),
        ["HardSwish"] = HalfPrecision.Widened(One<Operators.HardSwish>(HardSwish.Run)),
        ["Identity"] = One<Operators.Identity>(Identity.Run),
        ["InstanceNormalization"] = HalfPrecision.Widened(
            One<Operators.InstanceNormalization>(InstanceNormalization.Run)
        ),
        ["LRN"] = HalfPrecision.Widened(One<Operators.LRN>(LRN.Run)),
        ["LSTM"] = HalfPrecision.Widened(Many<Operators.LSTM>(LSTM.Run)),
        ["LayerNormalization"] = HalfPrecision.Widened(Many<Operators.LayerNormalization>(LayerNormalization.Run)),
        ["LeakyRelu"] = HalfPrecision.Widened(One<Operators.LeakyRelu>(LeakyRelu.Run)),
        ["Less"] = One<Operators.Less>(Less.Run),
        ["LessOrEqual"] = One<Operators.LessOrEqual>(LessOrEqual.Run),
        ["Log"] = HalfPrecision.Widened(One<Operators.Log>(Log.Run)),
        ["LogSoftmax"] = HalfPrecision.Widened(One<Operators.LogSoftmax>(LogSoftmax.Run)),
        ["LpPool"] = HalfPrecision.Widened(One<Operators.LpPool>(LpPool.Run)),
        ["MatMul"] = HalfPrecision.Widened(One<Operators.MatMul>(MatMul.Run)),
        ["MatMulInteger"] = One<Operators.MatMulInteger>(MatMulInteger.Run),
        ["Max"] = One<Operators.Max>(Max.Run),
        ["MaxPool"] = Many<Operators.MaxPool>(MaxPool.Run),
        ["Mean"] = One<Operators.Mean>(Mean.Run),
        ["Min"] = One<Operators.Min>(Min.Run),
        ["Mish"] = HalfPrecision.Widened(One<Operators.Mish>(Mish.Run)),
        ["Mod"] = One<Operators.Mod>(Mod.Run),
        ["Mul"] = One<Operators.Mul>(Mul.Run),
        ["Neg"] = One<Operators.Neg>(Neg.Run),
        ["NonZero"] = One<Operators.NonZero>(NonZero.Run),
        ["Not"] = One<Operators.Not>(Not.Run),
        ["OneHot"] = One<Operators.OneHot>(OneHot.Run),
        ["Or"] = One<Operators.Or>(Or.Run),
        ["PRelu"] = One<Operators.PRelu>(PRelu.Run),
        ["Pad"] = One<Operators.Pad>(Pad.Run),
        ["Pow"] = One<Operators.Pow>(Pow.Run),
        ["QLinearConv"] = One<Operators.QLinearConv>(QLinearConv.Run),
        ["QLinearMatMul"] = One<Operators.QLinearMatMul>(QLinearMatMul.Run),
        ["QuantizeLinear"] = One<Operators.QuantizeLinear>(QuantizeLinear.Run),
        ["RMSNormalization"] = HalfPrecision.Widened(One<Operators.RMSNormalization>(RMSNormalization.Run)),
        ["RNN"] = HalfPrecision.Widened(Many<Operators.RNN>(RNN.Run)),
        ["Range"] = HalfPrecision.Widened(One<Operators.Range>(Range.Run)),
        ["Reciprocal"] = HalfPrecision.Widened(One<Operators.Reciprocal>(Reciprocal.Run)),
        ["ReduceL1"] = One<Operators.ReduceL1>(ReduceL1.Run),
        ["ReduceL2"] = One<Operators.ReduceL2>(ReduceL2.Run),
        ["ReduceLogSum"] = One<Operators.ReduceLogSum>(ReduceLogSum.Run),
        ["ReduceLogSumExp"] = HalfPrecision.Widened(One<Operators.ReduceLogSumExp>(ReduceLogSumExp.Run)),
        ["ReduceMax"] = One<Operators.ReduceMax>(ReduceMax.Run),
        ["ReduceMean"] = One<Operators.ReduceMean>(ReduceMean.Run),
        ["ReduceMin"] = One<Operators.ReduceMin>(ReduceMin.Run),
        ["ReduceProd"] = One<Operators.ReduceProd>(ReduceProd.Run),
        ["ReduceSum"] = One<Operators.ReduceSum>(ReduceSum.Run),
        ["ReduceSumSquare"] = One<Operators.ReduceSumSquare>(ReduceSumSquare.Run),
        ["Relu"] = One<Operators.Relu>(Relu.Run),
        ["Reshape"] = One<Operators.Reshape>(Reshape.Run),
        ["Resize"] = HalfPrecision.Widened(One<Operators.Resize>(Resize.Run)),
        ["Round"] = HalfPrecision.Widened(One<Operators.Round>(Round.Run)),
        ["ScatterElements"] = One<Operators.ScatterElements>(ScatterElements.Run),
        ["Selu"] = HalfPrecision.Widened(One<Operators.Selu>(Selu.Run)),
        ["Shape"] = One<Operators.Inspection.Shape>(ShapeReading.Run),
        ["Sigmoid"] = HalfPrecision.Widened(One<Operators.Sigmoid>(Sigmoid.Run)),
        ["Sign"] = One<Operators.Sign>(Sign.Run),
        ["Sin"] = HalfPrecision.Widened(One<Operators.Sin>(Sin.Run)),
        ["Size"] = One<Operators.Size>(ShapeReading.Run),
        ["Slice"] = One<Operators.Slice>(Slice.Run),
        ["Softmax"] = HalfPrecision.Widened(One<Operators.Softmax>(Softmax.Run)),
        ["Softplus"] = HalfPrecision.Widened(One<Operators.Softplus>(Softplus.Run)),
        ["Softsign"] = HalfPrecision.Widened(One<Operators.Softsign>(Softsign.Run)),
        ["SpaceToDepth"] = One<Operators.SpaceToDepth>(SpaceToDepth.Run),
        ["Split"] = Many<Operators.Split>(Split.Run),
        ["Sqrt"] = HalfPrecision.Widened(One<Operators.Sqrt>(Sqrt.Run)),
        ["Squeeze"] = One<Operators.Squeeze>(Squeeze.Run),
        ["Sub"] = One<Operators.Sub>(Sub.Run),
        ["Sum"] = One<Operators.Sum>(Sum.Run),
        ["Tanh"] = HalfPrecision.Widened(One<Operators.Tanh>(Tanh.Run)),
        ["ThresholdedRelu"] = HalfPrecision.Widened(One<Operators.ThresholdedRelu>(ThresholdedRelu.Run)),
        ["Tile"] = One<Operators.Tile>(Tile.Run),
        ["TopK"] = Many<Operators.TopK>(TopK.Run),
        ["Transpose"] = One<Operators.Transpose>(Transpose.Run),
        ["Trilu"] = One<Operators.Trilu>(Trilu.Run),
        ["Unsqueeze"] = One<Operators.Unsqueeze>(Unsqueeze.Run),
        ["Where"] = One<Operators.Where>(Where.Run),
        ["Xor"] = One<Operators.Xor>(Xor.Run),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kernel that computes a node.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public static Kernel For(Node node) =>
        node.Operator is Operators.ControlFlowOperator flow
            ? ControlFlow.KernelOf(flow, Array.ConvertAll([.. flow.Bodies], body => (IBody)new PlainBody(body)))
        : Kernels.TryGetValue(node.Operator.Type, out Kernel? kernel) ? kernel
        : throw new ModelException($"{node}: the runtime has no kernel for operator '{node.Operator.Type}'");

    private static Kernel One<TOperator>(Func<TOperator, Tensor?[], KernelContext, Tensor> run)
        where TOperator : Operator => (op, inputs, context) => [run((TOperator)op, inputs, context)];

    private static Kernel Many<TOperator>(Func<TOperator, Tensor?[], KernelContext, Tensor[]> run)
        where TOperator : Operator => (op, inputs, context) => run((TOperator)op, inputs, context);
}
