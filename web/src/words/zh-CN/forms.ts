/** 各端表单共用：照片、位置。 */
export default {
  not_sent: "没有交上：",
  photo: {
    add: "加照片", take: "拍照", nth: "照片{n}", remove: "删去照片{n}", reading: "正在处理", sending: "已传{done}%", sent: "已传", kept: "存在本机", failed: "没传上",
    not_a_picture: "“{name}”不是能读的照片。", too_big_for_device: "“{name}”太大，这台设备处理不了。", take_another: "请换一张JPEG、PNG或WebP照片。",
    wait: "照片还在传", mend: "有照片没传上，请重试或删去",
  },
  where: {
    here: "用现在的位置", found: "已定位，误差{m}米内", refused: "没有允许定位。可在下面找地方，或写出来。", unavailable: "这里定不了位。可在下面找地方，或写出来。",
    not_secure: "这个地址不是https，浏览器不给定位。可在下面找地方，或写出来。", asking: "正在定位",
    search: "找地方", search_hint: "社区、街道的名字", results: "找到的地方", none: "没有这个名字的地方，可以直接写在下面。",
    note: "写清在哪里", note_hint: "如7号楼2单元门口", change: "换", fill: "填", done: "好", nowhere: "还没有填",
  },
};
